// Sends UART frames on a line that rests at 1: start bit, data from the lowest bit on, parity, stop bits.
// stim_spoil breaks the frame that begins, as stim_wrong says: 3 the line is 0 for a frame and stim_longer bits, 1 the
// parity bit is wrong, else (and without parity) the stop bit is 0. stim_glitch pulls the resting line low, for at most
// half a bit, after which it is 1 for a cycle. With stim_noisy the outer quarters of each bit are stim_noise.
`default_nettype none

module drive_uart #(
    parameter BIT_CYCLES = 8,
    parameter DATA_BITS = 8,
    parameter PARITY = 0,         // 0 none, 1 even, 2 odd
    parameter STOP_BITS = 1
) (
    input  logic                 clk,
    input  logic                 rst,
    input  logic                 stim_send,
    input  logic [DATA_BITS-1:0] stim_data,
    input  logic                 stim_spoil,
    input  logic [1:0]           stim_wrong,
    input  logic [3:0]           stim_longer,
    input  logic                 stim_glitch,
    input  logic                 stim_noisy,
    input  logic                 stim_noise,
    output logic                 line
);

    localparam BODY_BITS  = 1 + DATA_BITS + (PARITY != 0 ? 1 : 0);    // before the stop bits
    localparam LEVEL_BITS = BODY_BITS + 2;
    localparam QUARTER    = BIT_CYCLES >= 8 ? BIT_CYCLES / 4 : 0;
    localparam HALF       = BIT_CYCLES >= 2 ? BIT_CYCLES / 2 : 1;
    localparam TIME_BITS  = $clog2(BIT_CYCLES + 1);
    localparam LEFT_BITS  = $clog2(BODY_BITS + STOP_BITS + 18);

    localparam [TIME_BITS-1:0] LAST_CYCLE  = BIT_CYCLES - 1;
    localparam [TIME_BITS-1:0] FIRST_CLEAN = QUARTER;
    localparam [TIME_BITS-1:0] PAST_CLEAN  = BIT_CYCLES - QUARTER;
    localparam [TIME_BITS-1:0] LONGEST_LOW = HALF;
    localparam [LEFT_BITS-1:0] PLAIN       = BODY_BITS + STOP_BITS;
    localparam [LEFT_BITS-1:0] BAD_STOP    = BODY_BITS + 2;
    localparam [LEFT_BITS-1:0] BREAK       = BODY_BITS + STOP_BITS + 1;

    logic [LEVEL_BITS-1:0] levels, kept_levels;    // of the bits to come, the present one lowest
    logic [LEFT_BITS-1:0]  left, kept_left;        // bits to come with the present one, 0 at rest
    logic [TIME_BITS-1:0]  cycle;                  // of the present bit
    logic [TIME_BITS-1:0]  low;                    // for how long the resting line was pulled low
    logic                  begins;
    logic                  breaks, bad_parity, bad_stop;
    logic [LEVEL_BITS-1:0] fresh_levels;
    logic [LEFT_BITS-1:0]  fresh_left;
    logic                  glitch;
    logic                  outer;

    assign begins     = !rst && stim_send && kept_left == 0 && low == 0;
    assign breaks     = stim_spoil && stim_wrong == 2'd3;
    assign bad_parity = stim_spoil && stim_wrong == 2'd1 && PARITY != 0;
    assign bad_stop   = stim_spoil && !breaks && !bad_parity;

    // The last bit of a frame is 1; what comes before it and after these levels repeats the highest of them.
    generate
        if (PARITY != 0) begin : g_parity
            logic parity;
            assign parity = ^stim_data ^ bad_parity ^ (PARITY == 2);
            assign fresh_levels = breaks ? {LEVEL_BITS{1'b0}} : {1'b1, !bad_stop, parity, stim_data, 1'b0};
        end else begin : g_plain
            assign fresh_levels = breaks ? {LEVEL_BITS{1'b0}} : {1'b1, !bad_stop, stim_data, 1'b0};
        end
    endgenerate
    assign fresh_left = breaks ? BREAK + {{LEFT_BITS-4{1'b0}}, stim_longer} : bad_stop ? BAD_STOP : PLAIN;

    assign levels = begins ? fresh_levels : kept_levels;
    assign left   = begins ? fresh_left : kept_left;
    assign outer  = cycle < FIRST_CLEAN || cycle >= PAST_CLEAN;
    assign glitch = !rst && stim_glitch && left == 0 && low < LONGEST_LOW;
    assign line   = rst || (left == 0 ? !glitch : stim_noisy && outer ? stim_noise : levels[0] || left == 1);

    always @(posedge clk) begin
        low <= glitch ? low + 1'b1 : {TIME_BITS{1'b0}};
        if (rst || left == 0) begin
            kept_left <= {LEFT_BITS{1'b0}};
            cycle     <= {TIME_BITS{1'b0}};
        end else if (cycle == LAST_CYCLE) begin
            kept_left   <= left - 1'b1;
            kept_levels <= {levels[LEVEL_BITS-1], levels[LEVEL_BITS-1:1]};
            cycle       <= {TIME_BITS{1'b0}};
        end else begin
            kept_left   <= left;
            kept_levels <= levels;
            cycle       <= cycle + 1'b1;
        end
    end

    initial begin
        kept_levels = {LEVEL_BITS{1'b0}};
        kept_left   = {LEFT_BITS{1'b0}};
        cycle       = {TIME_BITS{1'b0}};
        low         = {TIME_BITS{1'b0}};
    end

endmodule

`default_nettype wire
