// No payload output is X or Z while its valid is 1. Looks in four-state simulation only, and is never seen elsewhere.
`default_nettype none

module check_payload_known #(
    parameter WIDTH = 1
) (
    input  logic             rst,
    input  logic [WIDTH-1:0] payload,
    input  logic [WIDTH-1:0] valid,    // for each bit of the payload
    output logic             fail,
    output logic             seen
);

`ifdef __ICARUS__
    logic [WIDTH-1:0] offered;
    genvar index;
    generate
        for (index = 0; index < WIDTH; index = index + 1) begin : g_offered
            assign offered[index] = valid[index] === 1'b1;
        end
    endgenerate
    assign seen = !rst && |offered;
    assign fail = !rst && ^(payload & offered) === 1'bx;
`else
    wire unused = ^{rst, payload, valid};
    assign seen = 1'b0;
    assign fail = 1'b0;
`endif

endmodule

`default_nettype wire
