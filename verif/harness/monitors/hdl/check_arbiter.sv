// Reference model of an arbiter with combinational grants: the first requester from the start upwards, around the end.
// With ROUND_ROBIN the start moves behind each winner; without it requester 0 always has the highest priority.
`default_nettype none

module check_arbiter #(
    parameter REQUESTERS = 4,
    parameter WIDTH = 4,                   // of req and gnt, whatever theirs is; at least REQUESTERS
    parameter ROUND_ROBIN = 1,
    parameter [2:0] CHECKED = 3'b111       // outputs that are compared, gnt first
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             en,
    input  logic [WIDTH-1:0] req,
    input  logic [WIDTH-1:0] gnt,
    input  logic             gnt_valid,
    input  logic [31:0]      gnt_id,
    output logic             fail,
    output logic             seen
);

    localparam [31:0] COUNT = REQUESTERS;

    logic [31:0]      start;
    logic [31:0]      winner;
    logic [31:0]      place;
    logic             wins;
    logic [WIDTH-1:0] granted;
    logic [2:0]       wrong;
    integer           offset;

    always @* begin
        wins   = 1'b0;
        winner = 32'd0;
        place  = start;
        for (offset = 0; offset < REQUESTERS; offset = offset + 1) begin
            if (!wins && en && |(req & ({{(WIDTH - 1){1'b0}}, 1'b1} << place))) begin
                wins   = 1'b1;
                winner = place;
            end
            place = place == COUNT - 32'd1 ? 32'd0 : place + 32'd1;
        end
        granted = wins ? {{(WIDTH - 1){1'b0}}, 1'b1} << winner : {WIDTH{1'b0}};
    end

    assign wrong = {wins && gnt_id !== winner, gnt_valid !== wins, gnt !== granted};
    assign seen  = !rst;
    assign fail  = !rst && |(CHECKED & wrong);

    always @(posedge clk) begin
        if (rst) begin
            start <= 32'd0;
        end else if (wins && ROUND_ROBIN != 0) begin
            start <= winner == COUNT - 32'd1 ? 32'd0 : winner + 32'd1;
        end
    end

    initial start = 32'd0;

endmodule

`default_nettype wire
