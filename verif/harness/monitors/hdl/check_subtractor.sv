// Reference model of a subtractor: the difference modulo 2**WIDTH, the borrow of unsigned and the overflow of signed
// operands.
`default_nettype none

module check_subtractor #(
    parameter WIDTH = 8,
    parameter [2:0] CHECKED = 3'b111     // outputs that are compared, difference first
) (
    input  logic             rst,
    input  logic [WIDTH-1:0] a,
    input  logic [WIDTH-1:0] b,
    input  logic             borrow_in,
    input  logic [WIDTH-1:0] difference,
    input  logic             borrow_out,
    input  logic             overflow,
    output logic             fail,
    output logic             seen
);

    logic [WIDTH+1:0] exact;
    logic [WIDTH+1:0] exact_signed;

    assign exact        = {2'b00, a} - {2'b00, b} - {{(WIDTH + 1){1'b0}}, borrow_in};
    assign exact_signed = {{2{a[WIDTH-1]}}, a} - {{2{b[WIDTH-1]}}, b} - {{(WIDTH + 1){1'b0}}, borrow_in};

    assign seen = !rst;
    assign fail = !rst && (
        (CHECKED[0] && difference !== exact[WIDTH-1:0])
        || (CHECKED[1] && borrow_out !== exact[WIDTH+1])
        || (CHECKED[2] && overflow !== (exact_signed[WIDTH+1:WIDTH-1] != {3{exact_signed[WIDTH-1]}}))
    );

endmodule

`default_nettype wire
