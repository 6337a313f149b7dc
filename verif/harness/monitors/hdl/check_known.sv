// No output is X or Z once the design was reset. Looks in four-state simulation only, and is never seen elsewhere.
`default_nettype none

module check_known #(
    parameter WIDTH = 1
) (
    input  logic             rst,
    input  logic [WIDTH-1:0] outputs,
    output logic             fail,
    output logic             seen
);

`ifdef __ICARUS__
    assign seen = !rst;
    assign fail = !rst && ^outputs === 1'bx;
`else
    wire unused = ^{rst, outputs};
    assign seen = 1'b0;
    assign fail = 1'b0;
`endif

endmodule

`default_nettype wire
