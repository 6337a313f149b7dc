// Reference model of a combinational unsigned divider; division by 0 may give anything.
`default_nettype none

module check_division #(
    parameter WIDTH = 8
) (
    input  logic             rst,
    input  logic [WIDTH-1:0] dividend,
    input  logic [WIDTH-1:0] divisor,
    input  logic [WIDTH-1:0] quotient,
    input  logic [WIDTH-1:0] remainder,
    output logic             fail,
    output logic             seen
);

    logic divides;

    assign divides = divisor != {WIDTH{1'b0}};
    assign seen    = !rst && divides;
    assign fail    = !rst && divides && (quotient !== dividend / divisor || remainder !== dividend % divisor);

endmodule

`default_nettype wire
