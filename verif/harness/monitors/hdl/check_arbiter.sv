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

    localparam [WIDTH-1:0] REQUESTER_0 = 1;
    localparam [WIDTH-1:0] EVERYBODY = {WIDTH{1'b1}} >> (WIDTH - REQUESTERS);

    logic [WIDTH-1:0] first;       // the requester with the highest priority, one-hot
    logic [WIDTH-1:0] asking;
    logic [WIDTH-1:0] upwards;     // those from the first one up
    logic [WIDTH-1:0] candidates;
    logic [WIDTH-1:0] winner;
    logic [31:0]      winner_id;
    logic             wins;

    assign asking     = en ? req & EVERYBODY : {WIDTH{1'b0}};
    assign upwards    = asking & ~(first - 1'b1);
    assign candidates = |upwards ? upwards : asking;
    assign winner     = candidates & (~candidates + 1'b1);
    assign wins       = |asking;

    generate
        if (CHECKED[2]) begin : g_id
            integer place;
            always @* begin
                winner_id = 32'd0;
                for (place = 0; place < WIDTH; place = place + 1) begin
                    if (winner[place]) begin
                        winner_id = place[31:0];
                    end
                end
            end
        end else begin : g_no_id
            wire unused      = ^gnt_id;
            assign winner_id = 32'd0;
        end
    endgenerate

    assign seen = !rst;
    assign fail = !rst && (
        (CHECKED[0] && gnt !== winner)
        || (CHECKED[1] && gnt_valid !== wins)
        || (CHECKED[2] && wins && gnt_id !== winner_id)
    );

    always @(posedge clk) begin
        if (rst) begin
            first <= REQUESTER_0;
        end else if (wins && ROUND_ROBIN != 0) begin
            first <= winner[REQUESTERS-1] ? REQUESTER_0 : winner + winner;
        end
    end

    initial first = REQUESTER_0;

endmodule

`default_nettype wire
