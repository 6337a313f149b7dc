// Write side of a FIFO. A write never meets a full FIFO unless stim_over says so: full was 0 in the last cycle, and
// nothing was written then, or the entries known to be inside leave room. In reset the enable is plain stimulus.
`default_nettype none

module drive_fifo_push #(
    parameter [15:0] DEPTH = 16'd0    // 0: not known
) (
    input  logic clk,
    input  logic rst,
    input  logic stim_offer,
    input  logic stim_over,
    input  logic full,
    input  logic pop,
    input  logic empty,
    output logic en
);

    logic [15:0] stored;
    logic        pushed;      // in the last cycle
    logic        was_full;
    logic        more;
    logic        less;

    assign en = stim_offer && (rst || stim_over || (!was_full && (!pushed || {1'b0, stored} + 17'd1 <= {1'b0, DEPTH})));

    assign more = en && full !== 1'b1 && stored != 16'hffff;
    assign less = pop === 1'b1 && empty !== 1'b1;

    always @(posedge clk) begin
        pushed   <= en && !rst;
        was_full <= full === 1'b1 && !rst;
        if (rst) begin
            stored <= 16'd0;
        end else if (more && !less) begin
            stored <= stored + 16'd1;
        end else if (less && !more && stored != 16'd0) begin
            stored <= stored - 16'd1;
        end
    end

    initial begin
        stored   = 16'd0;
        pushed   = 1'b0;
        was_full = 1'b0;
    end

endmodule

`default_nettype wire
