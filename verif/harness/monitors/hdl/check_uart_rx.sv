// Reference model of a UART receiver: words, errors and the cycle in which they are reported.
// The line is the input DELAY cycles before. A 0 while idle begins a frame; bits are sampled half a bit later and then
// every CLOCKS_PER_BIT cycles. The outputs change in the cycle after the stop sample; after a stop sample of 0 no frame
// begins before the line was 1.
`default_nettype none

module check_uart_rx #(
    parameter CLOCKS_PER_BIT = 8,        // at least 2
    parameter DATA_BITS = 8,
    parameter PARITY = 0,                // 0 none, 1 odd, 2 even
    parameter DELAY = 2,                 // at least 1
    parameter [3:0] CHECKED = 4'hf       // outputs that are compared, data first
) (
    input  logic                 clk,
    input  logic                 rst,
    input  logic                 rx,
    input  logic [DATA_BITS-1:0] data,
    input  logic                 valid,
    input  logic                 parity_error,
    input  logic                 frame_error,
    output logic                 fail,
    output logic                 seen
);

    localparam HAS_PARITY = PARITY != 0 ? 1 : 0;
    localparam SAMPLES = DATA_BITS + HAS_PARITY;
    localparam [31:0] CLOCKS = CLOCKS_PER_BIT;
    localparam [31:0] HALF = CLOCKS_PER_BIT / 2;
    localparam [31:0] LAST = SAMPLES + 1;
    localparam [1:0] IDLE = 2'd0, FRAME = 2'd1, BROKEN = 2'd2;

    logic [DELAY-1:0]     line;
    logic [DELAY:0]       coming;
    logic                 level;
    logic [1:0]           state;
    logic [31:0]          cycles;      // until the next sample
    logic [31:0]          taken;       // samples of this frame
    logic [SAMPLES-1:0]   samples;     // data and parity, the first lowest
    logic                 odd;
    logic [DATA_BITS-1:0] data_now;
    logic                 valid_now;
    logic                 parity_error_now;
    logic                 frame_error_now;

    assign coming = {line, rx};
    assign level  = coming[DELAY];
    assign odd    = ^samples;

    assign seen = !rst;
    assign fail = !rst && (
        (CHECKED[0] && data !== data_now)
        || (CHECKED[1] && valid !== valid_now)
        || (CHECKED[2] && parity_error !== parity_error_now)
        || (CHECKED[3] && frame_error !== frame_error_now)
    );

    always @(posedge clk) begin
        if (rst) begin
            line             <= {DELAY{1'b1}};
            state            <= IDLE;
            data_now         <= {DATA_BITS{1'b0}};
            valid_now        <= 1'b0;
            parity_error_now <= 1'b0;
            frame_error_now  <= 1'b0;
        end else begin
            line      <= coming[DELAY-1:0];
            valid_now <= 1'b0;
            if (state == IDLE) begin
                cycles <= HALF;
                taken  <= 32'd0;
                state  <= level ? IDLE : FRAME;
            end else if (state == BROKEN) begin
                state <= level ? IDLE : BROKEN;
            end else if (cycles != 32'd1) begin
                cycles <= cycles - 32'd1;
            end else begin
                cycles <= CLOCKS;
                taken  <= taken + 32'd1;
                if (taken == 32'd0) begin
                    state <= level ? IDLE : FRAME;
                end else if (taken != LAST) begin
                    samples <= {level, samples[SAMPLES-1:1]};
                end else begin
                    state            <= level ? IDLE : BROKEN;
                    data_now         <= samples[DATA_BITS-1:0];
                    valid_now        <= 1'b1;
                    parity_error_now <= PARITY != 0 && odd != (PARITY == 1);
                    frame_error_now  <= !level;
                end
            end
        end
    end

    initial begin
        line             = {DELAY{1'b1}};
        state            = IDLE;
        data_now         = {DATA_BITS{1'b0}};
        valid_now        = 1'b0;
        parity_error_now = 1'b0;
        frame_error_now  = 1'b0;
    end

endmodule

`default_nettype wire
