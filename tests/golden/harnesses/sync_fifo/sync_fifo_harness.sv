// Harness of sync_fifo: the design, what feeds it and what watches it, as one synthesizable module.
// Compile the design's sources, sync_fifo_monitors.sv and this file; the top is sync_fifo_harness.
//
// Each tick takes one row of stimulus: the stim_ inputs change away from any edge, everything settles,
// all outputs are sampled just before the active edge of the tick's clock, then that edge and the
// inactive one come. Any stimulus is legal: the harness makes moves out of it that the design's
// protocols allow.
//
// Each tick ends with the rising edge of clk.
// A run begins with 2 ticks with stim_rst_rst_n at 1 and all else at rest.
//
// Stimulus port, a row in this order (name, bits, value at rest, meaning):
//   stim_rst_rst_n   1  0  1 holds rst_n at its active level, 0
//   stim_push_offer  1  0  writes if the FIFO has room
//   stim_push_over   1  0  writes even if it is full
//   stim_push_data   8  0  the word
//   stim_pop_take    1  0  reads if the FIFO has a word
//   stim_pop_under   1  0  reads even if it is empty
//
// Observed, in this order (name, bits, port of the design):
//   obs_rst_n    1  input rst_n
//   obs_wr_en    1  input wr_en
//   obs_wr_data  8  input wr_data
//   obs_rd_en    1  input rd_en
//   obs_full     1  output full
//   obs_rd_data  8  output rd_data
//   obs_empty    1  output empty
//   obs_level    5  output level
//
// Monitors, a fail_ and a seen_ output each (id, where the rule comes from, the rule):
//   sync-fifo-model  SPEC      full, empty, level as the reference model predicts.
//   fifo-order       SPEC      rd_data gives the words that wr_data took, in order.
//   fifo-flags       PROTOCOL  A FIFO is empty when all words were read, full when no place is left, and never both.
// verilator lint_off DECLFILENAME
`default_nettype none

module sync_fifo_harness (
    input wire clk,
    input wire stim_rst_rst_n,
    input wire stim_push_offer,
    input wire stim_push_over,
    input wire [7:0] stim_push_data,
    input wire stim_pop_take,
    input wire stim_pop_under,
    output wire obs_rst_n,
    output wire obs_wr_en,
    output wire [7:0] obs_wr_data,
    output wire obs_rd_en,
    output wire obs_full,
    output wire [7:0] obs_rd_data,
    output wire obs_empty,
    output wire [4:0] obs_level,
    output wire fail_sync_fifo_model,
    output wire seen_sync_fifo_model,
    output wire fail_fifo_order,
    output wire seen_fifo_order,
    output wire fail_fifo_flags,
    output wire seen_fifo_flags
);

    assign obs_rst_n = ~stim_rst_rst_n;

    drive_fifo_push #(
        .DEPTH(16'd16)
    ) push_driver (
        .clk(clk),
        .rst(stim_rst_rst_n),
        .stim_offer(stim_push_offer),
        .stim_over(stim_push_over),
        .full(obs_full),
        .pop(obs_rd_en),
        .empty(obs_empty),
        .en(obs_wr_en)
    );
    assign obs_wr_data = stim_push_data;

    drive_fifo_pop pop_driver (
        .clk(clk),
        .rst(stim_rst_rst_n),
        .stim_take(stim_pop_take),
        .stim_under(stim_pop_under),
        .empty(obs_empty),
        .push(obs_wr_en),
        .full(obs_full),
        .en(obs_rd_en)
    );

    sync_fifo dut (
        .clk(clk),
        .rst_n(obs_rst_n),
        .wr_en(obs_wr_en),
        .wr_data(obs_wr_data),
        .full(obs_full),
        .rd_en(obs_rd_en),
        .rd_data(obs_rd_data),
        .empty(obs_empty),
        .level(obs_level)
    );

    logic was_reset_by_clk;
    initial was_reset_by_clk = 1'b0;
    always @(posedge clk) was_reset_by_clk <= was_reset_by_clk | stim_rst_rst_n;
    wire unsettled = stim_rst_rst_n | ~(was_reset_by_clk);

    check_sync_fifo #(
        .DEPTH(16),
        .ADDRESS_WIDTH(4),
        .WIDTH(8),
        .MASK(8'hff),
        .SHOW_AHEAD(1),
        .HAS_IDLE_DATA(0),
        .IDLE_DATA(8'h0),
        .ALMOST_FULL(1),
        .ALMOST_EMPTY(0),
        .WRITE_WHEN_FULL_AND_READ(0),
        .CHECKED(11'he)
    ) check_sync_fifo_model (
        .clk(clk),
        .wr_en(obs_wr_en),
        .wr_data(obs_wr_data),
        .rd_en(obs_rd_en),
        .rd_data(8'h0),
        .full(obs_full),
        .empty(obs_empty),
        .level({27'b0, obs_level}),
        .free(32'h0),
        .valid(1'h0),
        .ready(1'h0),
        .overflow(1'h0),
        .underflow(1'h0),
        .almost_full(1'h0),
        .almost_empty(1'h0),
        .rst(unsettled),
        .fail(fail_sync_fifo_model),
        .seen(seen_sync_fifo_model)
    );

    check_fifo_order #(
        .WIDTH(8),
        .SHOW_AHEAD(1),
        .ADDRESS_WIDTH(10)
    ) check_fifo_order (
        .clk(clk),
        .wr_en(obs_wr_en),
        .full(obs_full),
        .rd_en(obs_rd_en),
        .empty(obs_empty),
        .wr_data(obs_wr_data),
        .rd_data(obs_rd_data),
        .rst(unsettled),
        .fail(fail_fifo_order),
        .seen(seen_fifo_order)
    );

    check_fifo_flags #(
        .DEPTH(0)
    ) check_fifo_flags (
        .clk(clk),
        .wr_en(obs_wr_en),
        .rd_en(obs_rd_en),
        .full(obs_full),
        .empty(obs_empty),
        .rst(unsettled),
        .fail(fail_fifo_flags),
        .seen(seen_fifo_flags)
    );

endmodule

`default_nettype wire

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
