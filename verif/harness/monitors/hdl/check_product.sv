// Reference model of a combinational unsigned multiplier.
`default_nettype none

module check_product #(
    parameter WIDTH = 16,                          // of all ports, whatever theirs is
    parameter [WIDTH-1:0] MASK = {WIDTH{1'b1}}    // the bits of a product that count
) (
    input  logic             rst,
    input  logic [WIDTH-1:0] a,
    input  logic [WIDTH-1:0] b,
    input  logic [WIDTH-1:0] product,
    output logic             fail,
    output logic             seen
);

    assign seen = !rst;
    assign fail = !rst && product !== ((a * b) & MASK);

endmodule

`default_nettype wire
