// SPI master, mode 0 (CPOL = 0, CPHA = 0), most significant bit first.
`default_nettype none

module spi_master #(
    parameter DATA_BITS = 8,                       // at least 2
    parameter HALF_PERIOD = 2                      // clk cycles per half period of sclk, at least 2
) (
    input  logic                 clk,
    input  logic                 rst_n,
    input  logic                 start,
    input  logic [DATA_BITS-1:0] tx_data,
    output logic                 busy,
    output logic                 done,
    output logic [DATA_BITS-1:0] rx_data,
    output logic                 sclk,
    output logic                 cs_n,
    output logic                 mosi,
    input  logic                 miso
);

    localparam TIMER_WIDTH = $clog2(HALF_PERIOD);
    localparam INDEX_WIDTH = $clog2(DATA_BITS) + 1;
    localparam logic [TIMER_WIDTH-1:0] HALF_TIME = TIMER_WIDTH'(HALF_PERIOD - 1);
    localparam logic [INDEX_WIDTH-1:0] BITS = INDEX_WIDTH'(DATA_BITS);

    logic [TIMER_WIDTH-1:0] timer;
    logic [INDEX_WIDTH-1:0] bits_done;             // bits that have had their falling edge
    logic [DATA_BITS-1:0]   shift_out;
    logic [DATA_BITS-1:0]   shift_in;

    assign busy = !cs_n;
    assign mosi = shift_out[DATA_BITS-1];

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            timer     <= '0;
            bits_done <= '0;
            shift_out <= '0;
            shift_in  <= '0;
            done      <= 1'b0;
            rx_data   <= '0;
            sclk      <= 1'b0;
            cs_n      <= 1'b1;
        end else begin
            done <= 1'b0;
            if (cs_n) begin
                timer     <= HALF_TIME;
                bits_done <= '0;
                if (start) begin
                    cs_n      <= 1'b0;
                    shift_out <= tx_data;
                end
            end else if (timer != '0) begin
                timer <= timer - 1'b1;
            end else begin
                timer <= HALF_TIME;
                if (sclk) begin
                    sclk      <= 1'b0;
                    bits_done <= bits_done + 1'b1;
                    if (bits_done != BITS - 1'b1) begin
                        shift_out <= shift_out << 1;
                    end
                end else if (bits_done != BITS) begin
                    sclk     <= 1'b1;
                    shift_in <= {shift_in[DATA_BITS-2:0], miso};
                end else begin
                    cs_n      <= 1'b1;
                    shift_out <= '0;
                    done      <= 1'b1;
                    rx_data   <= shift_in;
                end
            end
        end
    end

endmodule

`default_nettype wire
