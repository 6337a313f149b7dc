// Reference model of a detector of edges: each flag is 1 for the cycle after the one in which the input was seen changed.
// A change in the first cycle after reset may be reported or not.
`default_nettype none

module check_edge_detector #(
    parameter [1:0] CHECKED = 2'b11       // outputs that are compared, rise first
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             level,
    input  logic             rise,
    input  logic             fall,
    output logic             fail,
    output logic             seen
);

    logic       level_before;
    logic       has_before;
    logic       open;            // the first cycle's change is reported or not
    logic       rises;
    logic       falls;

    assign seen = !rst && !open;
    assign fail = !rst && !open && (
        (CHECKED[0] && rise !== rises)
        || (CHECKED[1] && fall !== falls)
    );

    always @(posedge clk) begin
        level_before <= level;
        has_before   <= !rst;
        open         <= !rst && !has_before;
        rises        <= !rst && has_before && level && !level_before;
        falls        <= !rst && has_before && !level && level_before;
    end

    initial begin
        has_before = 1'b0;
        open       = 1'b0;
        rises      = 1'b0;
        falls      = 1'b0;
    end

endmodule

`default_nettype wire
