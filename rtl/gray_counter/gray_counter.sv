// Gray-code up counter with binary load.
`default_nettype none

module gray_counter #(
    parameter WIDTH = 4                            // at least 2
) (
    input  logic             clk,
    input  logic             rst_n,
    input  logic             en,
    input  logic             load,
    input  logic [WIDTH-1:0] load_value,
    output logic [WIDTH-1:0] gray,
    output logic [WIDTH-1:0] binary,
    output logic             wrap
);

    logic [WIDTH-1:0] next;

    assign next = load ? load_value : binary + 1'b1;

    always_ff @(posedge clk or negedge rst_n) begin
        if (!rst_n) begin
            binary <= '0;
            gray   <= '0;
            wrap   <= 1'b0;
        end else begin
            wrap <= en && !load && (binary == '1);
            if (load || en) begin
                binary <= next;
                gray   <= next ^ (next >> 1);
            end
        end
    end

endmodule

`default_nettype wire
