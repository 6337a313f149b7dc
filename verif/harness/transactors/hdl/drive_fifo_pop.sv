// Read side of a FIFO. A read never meets an empty FIFO unless stim_under says so: empty was 0 in the last cycle, and
// nothing was read then, or more entries are known to be inside. In reset the enable is plain stimulus.
`default_nettype none

module drive_fifo_pop (
    input  logic clk,
    input  logic rst,
    input  logic stim_take,
    input  logic stim_under,
    input  logic empty,
    input  logic push,
    input  logic full,
    output logic en
);

    logic [15:0] stored;
    logic        popped;       // in the last cycle
    logic        was_filled;
    logic        more;
    logic        less;

    assign en = stim_take && (rst || stim_under || (was_filled && (!popped || stored != 16'd0)));

    assign more = push === 1'b1 && full !== 1'b1;
    assign less = en && empty !== 1'b1;

    always @(posedge clk) begin
        popped     <= en && !rst;
        was_filled <= empty === 1'b0 && !rst;
        if (rst) begin
            stored <= 16'd0;
        end else if (more && !less && stored != 16'hffff) begin
            stored <= stored + 16'd1;
        end else if (less && !more && stored != 16'd0) begin
            stored <= stored - 16'd1;
        end
    end

    initial begin
        stored     = 16'd0;
        popped     = 1'b0;
        was_filled = 1'b0;
    end

endmodule

`default_nettype wire
