// Reference model of a priority encoder: the winner among the lines that are 1.
// Without a winner index and onehot are IDLE, or anything where HAS_IDLE is 0.
`default_nettype none

module check_priority_encoder #(
    parameter WIDTH = 8,                 // of lines and onehot, whatever theirs is
    parameter HIGHEST_WINS = 1,
    parameter HAS_IDLE = 1,
    parameter IDLE = 0,
    parameter [3:0] CHECKED = 4'hf       // outputs that are compared, index first
) (
    input  logic             rst,
    input  logic             enable,
    input  logic [WIDTH-1:0] lines,
    input  logic [31:0]      index,
    input  logic [WIDTH-1:0] onehot,
    input  logic             valid,
    input  logic             multiple,
    output logic             fail,
    output logic             seen
);

    localparam [WIDTH-1:0] NOBODY = IDLE;
    localparam [31:0] NO_INDEX = IDLE;

    logic [WIDTH-1:0] asking;
    logic             any;
    logic             found;
    logic [31:0]      winner;
    integer           place;

    assign asking = enable ? lines : {WIDTH{1'b0}};
    assign any    = |asking;

    always @* begin
        winner = 32'd0;
        found  = 1'b0;
        for (place = 0; place < WIDTH; place = place + 1) begin
            if (asking[place] && (HIGHEST_WINS != 0 || !found)) begin
                winner = place[31:0];
                found  = 1'b1;
            end
        end
    end

    assign seen = !rst;
    assign fail = !rst && (
        (CHECKED[0] && (any || HAS_IDLE != 0) && index !== (any ? winner : NO_INDEX))
        || (CHECKED[1] && (any || HAS_IDLE != 0) && onehot !== (any ? {{(WIDTH - 1){1'b0}}, 1'b1} << winner : NOBODY))
        || (CHECKED[2] && valid !== any)
        || (CHECKED[3] && multiple !== |(asking & (asking - 1'b1)))
    );

endmodule

`default_nettype wire
