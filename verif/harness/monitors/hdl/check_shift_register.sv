// Reference model of a register that takes one bit per cycle, at its top (RIGHT) or at its bottom.
// Where it has no START, its state isn't known until WIDTH bits came in.
`default_nettype none

module check_shift_register #(
    parameter WIDTH = 8,                   // at least 2
    parameter RIGHT = 1,
    parameter HAS_START = 1,
    parameter [WIDTH-1:0] START = 0
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             en,
    input  logic             enters,
    input  logic [WIDTH-1:0] state,
    output logic             fail,
    output logic             seen
);

    logic [WIDTH-1:0] expected;
    logic [WIDTH-1:0] known;       // a 1 for each bit that came in, or ones

    assign seen = !rst && &known;
    assign fail = !rst && &known && state !== expected;

    always @(posedge clk) begin
        if (rst) begin
            expected <= START;
            known    <= {WIDTH{HAS_START != 0}};
        end else if (en) begin
            expected <= RIGHT != 0 ? {enters, expected[WIDTH-1:1]} : {expected[WIDTH-2:0], enters};
            known    <= {known[WIDTH-2:0], 1'b1};
        end
    end

    initial begin
        expected = START;
        known    = {WIDTH{HAS_START != 0}};
    end

endmodule

`default_nettype wire
