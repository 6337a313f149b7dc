// Reference model of a SPI master in mode 0: the pins and the received word, most significant bit first.
// A start is accepted while not busy; each half period of the clock lasts HALF_PERIOD cycles; one half period after the
// last falling edge chip select rises and done is 1 for a cycle. miso counts in the last cycle before each rising edge.
`default_nettype none

module check_spi_master #(
    parameter DATA_BITS = 8,
    parameter HALF_PERIOD = 2,
    parameter [5:0] CHECKED = 6'h3f      // outputs that are compared, busy first
) (
    input  logic                 clk,
    input  logic                 rst,
    input  logic                 start,
    input  logic [DATA_BITS-1:0] tx_data,
    input  logic                 miso,
    input  logic                 busy,
    input  logic                 done,
    input  logic [DATA_BITS-1:0] rx_data,
    input  logic                 sclk,
    input  logic                 cs_n,
    input  logic                 mosi,
    output logic                 fail,
    output logic                 seen
);

    localparam [31:0] CYCLES = HALF_PERIOD;
    localparam [31:0] HALVES = 2 * DATA_BITS;

    logic                 running;
    logic                 ended;
    logic [31:0]          half;          // half periods since the start
    logic [31:0]          cycle;         // of this half period
    logic                 turns;
    logic [DATA_BITS-1:0] sending;       // this bit highest
    logic [DATA_BITS-1:0] receiving;
    logic [DATA_BITS-1:0] received;

    assign turns = cycle == CYCLES - 32'd1;

    assign seen = !rst;
    assign fail = !rst && (
        (CHECKED[0] && busy !== running)
        || (CHECKED[1] && done !== ended)
        || (CHECKED[2] && rx_data !== received)
        || (CHECKED[3] && sclk !== (running && half[0]))
        || (CHECKED[4] && cs_n !== !running)
        || (CHECKED[5] && mosi !== (running && sending[DATA_BITS-1]))
    );

    always @(posedge clk) begin
        if (rst) begin
            running  <= 1'b0;
            ended    <= 1'b0;
            received <= {DATA_BITS{1'b0}};
        end else begin
            ended <= 1'b0;
            if (!running) begin
                if (start) begin
                    running   <= 1'b1;
                    half      <= 32'd0;
                    cycle     <= 32'd0;
                    sending   <= tx_data;
                    receiving <= {DATA_BITS{1'b0}};
                end
            end else if (!turns) begin
                cycle <= cycle + 32'd1;
            end else begin
                cycle <= 32'd0;
                half  <= half + 32'd1;
                if (half == HALVES) begin
                    running  <= 1'b0;
                    ended    <= 1'b1;
                    received <= receiving;
                end else if (!half[0]) begin
                    receiving <= (receiving << 1) | {{(DATA_BITS - 1){1'b0}}, miso};
                end else if (half != HALVES - 32'd1) begin
                    sending <= sending << 1;
                end
            end
        end
    end

    initial begin
        running  = 1'b0;
        ended    = 1'b0;
        received = {DATA_BITS{1'b0}};
    end

endmodule

`default_nettype wire
