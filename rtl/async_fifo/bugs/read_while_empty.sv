// Bug, breaks R6: a read while empty moves the read pointer on, but only from its last value.
// FIFO between two clocks: Gray-coded pointers through two-stage synchronisers.
`default_nettype none

module async_fifo #(
    parameter WIDTH = 8,
    parameter DEPTH = 8                            // a power of two, at least 4
) (
    input  logic             wr_clk,
    input  logic             wr_rst_n,
    input  logic             wr_en,
    input  logic [WIDTH-1:0] wr_data,
    output logic             full,
    input  logic             rd_clk,
    input  logic             rd_rst_n,
    input  logic             rd_en,
    output logic [WIDTH-1:0] rd_data,
    output logic             empty
);

    localparam ADDR_WIDTH = $clog2(DEPTH);

    logic [WIDTH-1:0]    mem [DEPTH];
    logic [ADDR_WIDTH:0] wr_bin;
    logic [ADDR_WIDTH:0] wr_bin_next;
    logic [ADDR_WIDTH:0] wr_gray;
    logic [ADDR_WIDTH:0] rd_bin;
    logic [ADDR_WIDTH:0] rd_bin_next;
    logic [ADDR_WIDTH:0] rd_gray;
    logic [ADDR_WIDTH:0] rd_gray_wr_meta;          // read pointer on its way into the write domain
    logic [ADDR_WIDTH:0] rd_gray_wr;
    logic [ADDR_WIDTH:0] wr_gray_rd_meta;          // write pointer on its way into the read domain
    logic [ADDR_WIDTH:0] wr_gray_rd;

    assign full        = wr_gray == {~rd_gray_wr[ADDR_WIDTH:ADDR_WIDTH-1], rd_gray_wr[ADDR_WIDTH-2:0]};
    assign empty       = rd_gray == wr_gray_rd;
    assign rd_data     = empty ? '0 : mem[rd_bin[ADDR_WIDTH-1:0]];
    assign wr_bin_next = wr_bin + 1'b1;
    assign rd_bin_next = rd_bin + 1'b1;

    always_ff @(posedge wr_clk) begin
        if (wr_en && !full) begin
            mem[wr_bin[ADDR_WIDTH-1:0]] <= wr_data;
        end
    end

    always_ff @(posedge wr_clk or negedge wr_rst_n) begin
        if (!wr_rst_n) begin
            wr_bin          <= '0;
            wr_gray         <= '0;
            rd_gray_wr_meta <= '0;
            rd_gray_wr      <= '0;
        end else begin
            rd_gray_wr_meta <= rd_gray;
            rd_gray_wr      <= rd_gray_wr_meta;
            if (wr_en && !full) begin
                wr_bin  <= wr_bin_next;
                wr_gray <= wr_bin_next ^ (wr_bin_next >> 1);
            end
        end
    end

    always_ff @(posedge rd_clk or negedge rd_rst_n) begin
        if (!rd_rst_n) begin
            rd_bin          <= '0;
            rd_gray         <= '0;
            wr_gray_rd_meta <= '0;
            wr_gray_rd      <= '0;
        end else begin
            wr_gray_rd_meta <= wr_gray;
            wr_gray_rd      <= wr_gray_rd_meta;
            if (rd_en && (!empty || (rd_bin == '1))) begin
                rd_bin  <= rd_bin_next;
                rd_gray <= rd_bin_next ^ (rd_bin_next >> 1);
            end
        end
    end

endmodule

`default_nettype wire
