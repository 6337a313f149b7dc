// Reference model of a detector of a bit sequence, and of its count of occurrences, which stays at TOP.
// With SAME_CYCLE the detection shows in the cycle of the last bit, else in the next one. Without OVERLAP an
// occurrence uses its bits up.
`default_nettype none

module check_sequence_detector #(
    parameter LENGTH = 4,
    parameter [LENGTH-1:0] SEQUENCE = 0,    // the first bit highest
    parameter OVERLAP = 1,
    parameter SAME_CYCLE = 0,
    parameter TOP = 0,
    parameter [1:0] CHECKED = 2'b11         // outputs that are compared, detected first
) (
    input  logic        clk,
    input  logic        rst,
    input  logic        din,
    input  logic        din_valid,
    input  logic        detected,
    input  logic [31:0] match_count,
    output logic        fail,
    output logic        seen
);

    localparam [31:0] MOST = TOP;
    localparam [31:0] ENOUGH = LENGTH;

    logic [LENGTH-1:0] bits;
    logic [LENGTH:0]   coming;
    logic [LENGTH-1:0] bits_now;
    logic [31:0]       taken;       // how many of the bits are of this sequence, LENGTH at most
    logic [31:0]       taken_now;
    logic              found;
    logic              found_before;
    logic [31:0]       count;

    wire unused = coming[LENGTH];

    assign coming    = {bits, din};
    assign bits_now  = din_valid ? coming[LENGTH-1:0] : bits;
    assign taken_now = din_valid && taken != ENOUGH ? taken + 32'd1 : taken;
    assign found     = din_valid && taken_now == ENOUGH && bits_now == SEQUENCE;

    assign seen = !rst;
    assign fail = !rst && (
        (CHECKED[0] && detected !== (SAME_CYCLE != 0 ? found : found_before))
        || (CHECKED[1] && match_count !== count)
    );

    always @(posedge clk) begin
        bits <= bits_now;
        if (rst) begin
            taken        <= 32'd0;
            found_before <= 1'b0;
            count        <= 32'd0;
        end else begin
            taken        <= OVERLAP == 0 && found ? 32'd0 : taken_now;
            found_before <= found;
            count        <= found && count != MOST ? count + 32'd1 : count;
        end
    end

    initial begin
        taken        = 32'd0;
        found_before = 1'b0;
        count        = 32'd0;
    end

endmodule

`default_nettype wire
