// Reference model of a UART transmitter: start bit, data bits (least significant first), parity, stop bits.
// A word is taken at an edge with valid and ready; its frame begins in the next cycle; the line idles at 1.
`default_nettype none

module check_uart_tx #(
    parameter CLOCKS_PER_BIT = 8,
    parameter DATA_BITS = 8,
    parameter PARITY = 0,                // 0 none, 1 odd, 2 even
    parameter STOP_BITS = 1,
    parameter [2:0] CHECKED = 3'b111     // outputs that are compared, tx first
) (
    input  logic                 clk,
    input  logic                 rst,
    input  logic                 valid,
    input  logic [DATA_BITS-1:0] data,
    input  logic                 tx,
    input  logic                 ready,
    input  logic                 busy,
    output logic                 fail,
    output logic                 seen
);

    localparam LENGTH = 1 + DATA_BITS + (PARITY != 0 ? 1 : 0) + STOP_BITS;
    localparam [31:0] BITS = LENGTH;
    localparam [31:0] CLOCKS = CLOCKS_PER_BIT;

    logic [DATA_BITS+1:0] bits;      // of the frame, this one lowest; ones follow
    logic [31:0]          left;      // bits of the frame, this one included
    logic [31:0]          cycle;     // of this bit
    logic                 idle;
    logic                 line;
    logic                 parity;

    assign idle   = left == 32'd0;
    assign line   = idle || bits[0];
    assign parity = PARITY == 0 || (^data ^ (PARITY == 1));

    assign seen = !rst;
    assign fail = !rst && (
        (CHECKED[0] && tx !== line)
        || (CHECKED[1] && ready !== idle)
        || (CHECKED[2] && busy !== !idle)
    );

    always @(posedge clk) begin
        if (rst) begin
            left <= 32'd0;
        end else if (idle) begin
            if (valid) begin
                left  <= BITS;
                cycle <= 32'd0;
                bits  <= {parity, data, 1'b0};
            end
        end else if (cycle == CLOCKS - 32'd1) begin
            left  <= left - 32'd1;
            cycle <= 32'd0;
            bits  <= {1'b1, bits[DATA_BITS+1:1]};
        end else begin
            cycle <= cycle + 32'd1;
        end
    end

    initial left = 32'd0;

endmodule

`default_nettype wire
