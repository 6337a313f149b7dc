// Bug, breaks R4: a cycle without a valid bit after 101 forgets the bits seen.
// Detector of the bit sequence 1011 with overlap, and a saturating counter of its matches.
`default_nettype none

module sequence_detector #(
    parameter COUNT_WIDTH = 4                      // at least 1
) (
    input  logic                   clk,
    input  logic                   rst_n,
    input  logic                   din_valid,
    input  logic                   din,
    output logic                   detected,
    output logic [COUNT_WIDTH-1:0] match_count
);

    typedef enum logic [1:0] {
        NOTHING,
        GOT_1,
        GOT_10,
        GOT_101
    } state_t;

    state_t state;
    state_t next_state;
    logic   match;

    assign match = din_valid && din && (state == GOT_101);

    always_comb begin
        next_state = NOTHING;
        case (state)
            NOTHING: if (din) next_state = GOT_1;
            GOT_1:   if (din) next_state = GOT_1;
                     else     next_state = GOT_10;
            GOT_10:  if (din) next_state = GOT_101;
            GOT_101: if (din) next_state = GOT_1;
                     else     next_state = GOT_10;
            default: next_state = NOTHING;
        endcase
    end

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            state       <= NOTHING;
            detected    <= 1'b0;
            match_count <= '0;
        end else begin
            detected <= match;
            if (din_valid) begin
                state <= next_state;
            end else if (state == GOT_101) begin
                state <= NOTHING;
            end
            if (match && (match_count != '1)) begin
                match_count <= match_count + 1'b1;
            end
        end
    end

endmodule

`default_nettype wire
