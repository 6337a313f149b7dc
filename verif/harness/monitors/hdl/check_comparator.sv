// Reference model of a comparator of unsigned numbers.
`default_nettype none

module check_comparator #(
    parameter WIDTH = 8,
    parameter [2:0] CHECKED = 3'b111     // outputs that are compared, greater first
) (
    input  logic             rst,
    input  logic [WIDTH-1:0] a,
    input  logic [WIDTH-1:0] b,
    input  logic             greater,
    input  logic             equal,
    input  logic             less,
    output logic             fail,
    output logic             seen
);


    assign seen = !rst;
    assign fail = !rst && (
        (CHECKED[0] && greater !== (a > b))
        || (CHECKED[1] && equal !== (a == b))
        || (CHECKED[2] && less !== (a < b))
    );

endmodule

`default_nettype wire
