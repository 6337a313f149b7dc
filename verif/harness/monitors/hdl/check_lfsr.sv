// Reference model of a linear-feedback shift register: it shifts left, the XOR of the TAPS (inverted) enters at bit 0.
// load takes the seed and wins over en; with REPLACE_ZERO a loaded seed of 0 becomes START.
`default_nettype none

module check_lfsr #(
    parameter WIDTH = 16,
    parameter [WIDTH-1:0] TAPS = 0,
    parameter [WIDTH-1:0] START = 1,
    parameter INVERT = 0,
    parameter REPLACE_ZERO = 0,
    parameter [1:0] CHECKED = 2'b11     // outputs that are compared, state first
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             en,
    input  logic             load,
    input  logic [WIDTH-1:0] seed,
    input  logic [WIDTH-1:0] state,
    input  logic             bit_out,
    output logic             fail,
    output logic             seen
);

    logic [WIDTH-1:0] expected;
    logic [WIDTH-1:0] loaded;
    logic [WIDTH-1:0] shifted;
    logic             entering;

    assign entering = ^(expected & TAPS) ^ (INVERT != 0);
    assign shifted  = (expected << 1) | {{(WIDTH - 1){1'b0}}, entering};
    assign loaded   = REPLACE_ZERO != 0 && seed == {WIDTH{1'b0}} ? START : seed;

    assign seen = !rst;
    assign fail = !rst && (
        (CHECKED[0] && state !== expected)
        || (CHECKED[1] && bit_out !== expected[WIDTH-1])
    );

    always @(posedge clk) begin
        if (rst) begin
            expected <= START;
        end else begin
            expected <= load ? loaded : en ? shifted : expected;
        end
    end

    initial expected = START;

endmodule

`default_nettype wire
