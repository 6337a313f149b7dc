// Bug, breaks R5: the data bits leave in the opposite order.
// UART transmitter with optional parity and one or two stop bits.
`default_nettype none

module uart_tx #(
    parameter CLKS_PER_BIT = 8,                    // at least 2
    parameter DATA_BITS = 8,                       // 5 to 9
    parameter PARITY = 1,                          // 0 none, 1 even, 2 odd
    parameter STOP_BITS = 1                        // 1 or 2
) (
    input  logic                 clk,
    input  logic                 rst_n,
    input  logic [DATA_BITS-1:0] data,
    input  logic                 valid,
    output logic                 ready,
    output logic                 tx
);

    localparam TIMER_WIDTH = $clog2(CLKS_PER_BIT);
    localparam INDEX_WIDTH = $clog2(DATA_BITS);
    localparam logic [TIMER_WIDTH-1:0] BIT_TIME = TIMER_WIDTH'(CLKS_PER_BIT - 1);
    localparam logic [INDEX_WIDTH-1:0] LAST_DATA = INDEX_WIDTH'(DATA_BITS - 1);
    localparam logic [INDEX_WIDTH-1:0] LAST_STOP = INDEX_WIDTH'(STOP_BITS - 1);

    localparam logic [2:0] IDLE      = 3'd0;
    localparam logic [2:0] START     = 3'd1;
    localparam logic [2:0] DATA      = 3'd2;
    localparam logic [2:0] CHECK     = 3'd3;
    localparam logic [2:0] STOP      = 3'd4;

    logic [2:0]             state;
    logic [TIMER_WIDTH-1:0] timer;                 // cycles left in this bit
    logic [INDEX_WIDTH-1:0] index;
    logic [DATA_BITS-1:0]   shift;
    logic                   parity;

    assign ready = state == IDLE;

    always_ff @(posedge clk or negedge rst_n) begin
        if (!rst_n) begin
            state  <= IDLE;
            timer  <= '0;
            index  <= '0;
            shift  <= '0;
            parity <= 1'b0;
            tx     <= 1'b1;
        end else if (state == IDLE) begin
            timer <= BIT_TIME;
            if (valid) begin
                state  <= START;
                shift  <= data;
                parity <= (PARITY == 2) ? ~^data : ^data;
                tx     <= 1'b0;
            end
        end else if (timer != '0) begin
            timer <= timer - 1'b1;
        end else begin
            timer <= BIT_TIME;
            case (state)
                START: begin
                    state <= DATA;
                    index <= '0;
                    tx    <= shift[DATA_BITS-1];
                    shift <= shift << 1;
                end
                DATA: begin
                    index <= index + 1'b1;
                    tx    <= shift[DATA_BITS-1];
                    shift <= shift << 1;
                    if (index == LAST_DATA) begin
                        index <= '0;
                        state <= (PARITY == 0) ? STOP : CHECK;
                        tx    <= (PARITY == 0) ? 1'b1 : parity;
                    end
                end
                CHECK: begin
                    state <= STOP;
                    tx    <= 1'b1;
                end
                default: begin
                    index <= index + 1'b1;
                    if (index == LAST_STOP) begin
                        state <= IDLE;
                    end
                end
            endcase
        end
    end

endmodule

`default_nettype wire
