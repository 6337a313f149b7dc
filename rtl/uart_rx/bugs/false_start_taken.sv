// Bug, breaks R3: the start bit is not checked again in its middle, so a short dip of the line starts a frame.
// UART receiver with start-bit check, optional parity, framing check and break handling.
`default_nettype none

module uart_rx #(
    parameter CLKS_PER_BIT = 8,                    // at least 4
    parameter DATA_BITS = 8,                       // 5 to 9
    parameter PARITY = 1                           // 0 none, 1 even, 2 odd
) (
    input  logic                 clk,
    input  logic                 rst_n,
    input  logic                 rx,
    output logic [DATA_BITS-1:0] data,
    output logic                 valid,
    output logic                 parity_error,
    output logic                 frame_error
);

    localparam TIMER_WIDTH = $clog2(CLKS_PER_BIT);
    localparam INDEX_WIDTH = $clog2(DATA_BITS);
    localparam logic [TIMER_WIDTH-1:0] BIT_TIME = TIMER_WIDTH'(CLKS_PER_BIT - 1);
    localparam logic [TIMER_WIDTH-1:0] HALF_BIT = TIMER_WIDTH'(CLKS_PER_BIT / 2 - 1);
    localparam logic [INDEX_WIDTH-1:0] LAST_DATA = INDEX_WIDTH'(DATA_BITS - 1);

    localparam logic [2:0] IDLE      = 3'd0;
    localparam logic [2:0] START     = 3'd1;
    localparam logic [2:0] DATA      = 3'd2;
    localparam logic [2:0] CHECK     = 3'd3;
    localparam logic [2:0] STOP      = 3'd4;
    localparam logic [2:0] HOLD      = 3'd5;       // line still 0 after a missing stop bit

    logic                   rx_meta;
    logic                   line;
    logic [2:0]             state;
    logic [TIMER_WIDTH-1:0] timer;                 // cycles to the next sample
    logic [INDEX_WIDTH-1:0] index;
    logic [DATA_BITS-1:0]   shift;
    logic                   odd;                   // parity of the bits so far
    logic                   sample;

    assign sample = timer == '0;

    always_ff @(posedge clk or negedge rst_n) begin
        if (!rst_n) begin
            rx_meta <= 1'b1;
            line    <= 1'b1;
        end else begin
            rx_meta <= rx;
            line    <= rx_meta;
        end
    end

    always_ff @(posedge clk or negedge rst_n) begin
        if (!rst_n) begin
            state        <= IDLE;
            timer        <= '0;
            index        <= '0;
            shift        <= '0;
            odd          <= 1'b0;
            data         <= '0;
            valid        <= 1'b0;
            parity_error <= 1'b0;
            frame_error  <= 1'b0;
        end else begin
            valid <= 1'b0;
            timer <= sample ? BIT_TIME : timer - 1'b1;
            case (state)
                IDLE: begin
                    timer <= HALF_BIT;
                    if (!line) begin
                        state <= START;
                    end
                end
                START: begin
                    index <= '0;
                    odd   <= PARITY == 2;
                    if (sample) begin
                        state <= DATA;
                    end
                end
                DATA: begin
                    if (sample) begin
                        index <= index + 1'b1;
                        shift <= {line, shift[DATA_BITS-1:1]};
                        odd   <= odd ^ line;
                        if (index == LAST_DATA) begin
                            state <= (PARITY == 0) ? STOP : CHECK;
                        end
                    end
                end
                CHECK: begin
                    if (sample) begin
                        odd   <= odd ^ line;
                        state <= STOP;
                    end
                end
                STOP: begin
                    if (sample) begin
                        data         <= shift;
                        valid        <= 1'b1;
                        parity_error <= (PARITY != 0) && odd;
                        frame_error  <= !line;
                        state        <= line ? IDLE : HOLD;
                    end
                end
                default: begin
                    if (line) begin
                        state <= IDLE;
                    end
                end
            endcase
        end
    end

endmodule

`default_nettype wire
