// Reference model of a RAM behind a Wishbone classic target: each access is acknowledged in the next cycle, for one.
// Read data changes with the acknowledge of a read only. The words outlive a reset; bytes that were never written may
// read as anything.
`default_nettype none

module check_wishbone_ram #(
    parameter ADDRESS_WIDTH = 4,
    parameter LANES = 4                  // bytes of a word
) (
    input  logic                     clk,
    input  logic                     rst,
    input  logic                     cyc,
    input  logic                     stb,
    input  logic                     we,
    input  logic [LANES-1:0]         sel,
    input  logic [ADDRESS_WIDTH-1:0] adr,
    input  logic [8*LANES-1:0]       dat_i,
    input  logic                     ack,
    input  logic [8*LANES-1:0]       dat_o,
    output logic                     fail,
    output logic                     seen
);

    localparam WORDS = 1 << ADDRESS_WIDTH;

    logic [8*LANES-1:0] words [0:WORDS-1];
    logic [LANES-1:0]   known [0:WORDS-1];      // bytes that were written
    logic [8*LANES-1:0] word;
    logic [8*LANES-1:0] mask;
    logic               answers;
    logic [8*LANES-1:0] shown;
    logic               shows;
    logic               accepted;
    integer             place;

    genvar lane;
    generate
        for (lane = 0; lane < LANES; lane = lane + 1) begin : g_mask
            assign mask[8*lane+:8] = {8{sel[lane]}};
        end
    endgenerate

    assign word     = words[adr];
    assign accepted = !rst && cyc && stb && !answers;
    assign seen     = !rst;
    assign fail     = !rst && (ack !== answers || (shows && dat_o !== shown));

    always @(posedge clk) begin
        if (accepted && we) begin
            words[adr] <= (word & ~mask) | (dat_i & mask);
            known[adr] <= known[adr] | sel;
        end
        if (rst) begin
            answers <= 1'b0;
            shown   <= {(8 * LANES) {1'b0}};
            shows   <= 1'b1;
        end else begin
            answers <= accepted;
            if (accepted && !we) begin
                shown <= word;
                shows <= &known[adr];
            end
        end
    end

    initial begin
        answers = 1'b0;
        shown   = {(8 * LANES) {1'b0}};
        shows   = 1'b1;
        for (place = 0; place < WORDS; place = place + 1) begin
            known[place] = {LANES{1'b0}};
        end
    end

endmodule

`default_nettype wire
