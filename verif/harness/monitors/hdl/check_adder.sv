// Reference model of an adder of two operands and a carry in, to the base BASE: 2**width, or 10 for a decimal digit.
// Operands that are no digit of the base may give anything.
`default_nettype none

module check_adder #(
    parameter WIDTH = 8,                           // two bits more than the widest port
    parameter [WIDTH-1:0] BASE = 1 << (WIDTH - 2),
    parameter [1:0] CHECKED = 2'b11               // outputs that are compared, sum first
) (
    input  logic             rst,
    input  logic [WIDTH-1:0] a,
    input  logic [WIDTH-1:0] b,
    input  logic             carry_in,
    input  logic [WIDTH-1:0] sum,
    input  logic [WIDTH-1:0] carry_out,
    output logic             fail,
    output logic             seen
);

    logic [WIDTH-1:0] total;
    logic             digits;
    logic             carries;

    assign digits  = a < BASE && b < BASE;
    assign total   = a + b + {{(WIDTH - 1){1'b0}}, carry_in};
    assign carries = total >= BASE;

    assign seen = !rst && digits;
    assign fail = !rst && digits && (
        (CHECKED[0] && sum !== (carries ? total - BASE : total))
        || (CHECKED[1] && carry_out !== {{(WIDTH - 1){1'b0}}, carries})
    );

endmodule

`default_nettype wire
