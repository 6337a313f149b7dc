// At most one requester is granted, and only one that requests (or did in the cycle before, where REGISTERED is 1).
`default_nettype none

module check_grant #(
    parameter WIDTH = 1,       // requesters
    parameter REGISTERED = 0
) (
    input  logic             clk,
    input  logic             rst,
    input  logic [WIDTH-1:0] req,
    input  logic [WIDTH-1:0] gnt,
    output logic             fail,
    output logic             seen
);

    logic [WIDTH-1:0] req_before;
    logic [WIDTH-1:0] requests;
    logic             known;
    logic             several;
    logic             stray;

`ifdef __ICARUS__
    assign known = ^gnt !== 1'bx;
`else
    assign known = 1'b1;
`endif

    assign requests = REGISTERED != 0 ? req | req_before : req;
    assign several  = |(gnt & (gnt - 1'b1));
    assign stray    = |(gnt & ~requests);
    assign seen     = !rst && known && |gnt;
    assign fail     = !rst && known && (several || stray) === 1'b1;

    always @(posedge clk) begin
        req_before <= rst ? {WIDTH{1'b0}} : req;
    end

    initial req_before = {WIDTH{1'b0}};

endmodule

`default_nettype wire
