// Memory behind an APB master (IHI 0024): ready in an access cycle ends the transfer. While nothing is read, rdata is
// stimulus.
`default_nettype none

module drive_apb_target #(
    parameter ADDR_WIDTH = 32,
    parameter DATA_WIDTH = 32,
    parameter LANES = 4,
    parameter SHIFT = 2,
    parameter PLACE_BITS = 4
) (
    input  logic                  clk,
    input  logic                  rst,
    input  logic                  stim_answer,
    input  logic                  stim_error,
    input  logic [DATA_WIDTH-1:0] stim_word,
    input  logic                  sel,
    input  logic                  enable,
    input  logic                  write,
    input  logic [ADDR_WIDTH-1:0] addr,
    input  logic [DATA_WIDTH-1:0] wdata,
    input  logic [LANES-1:0]      strb,
    output logic                  ready,
    output logic [DATA_WIDTH-1:0] rdata,
    output logic                  slverr
);

    logic                  asked;    // in the last cycle
    logic                  asked_write;
    logic [ADDR_WIDTH-1:0] asked_addr;
    logic [DATA_WIDTH-1:0] word;
    logic                  ends;

    assign ready  = !rst && asked && stim_answer;
    assign slverr = ready && stim_error;
    assign rdata  = ready && !asked_write ? word : stim_word;
    assign ends   = ready && enable === 1'b1;

    drive_words #(
        .ADDR_WIDTH(ADDR_WIDTH),
        .DATA_WIDTH(DATA_WIDTH),
        .LANES(LANES),
        .SHIFT(SHIFT),
        .PLACE_BITS(PLACE_BITS)
    ) memory (
        .clk(clk),
        .rst(rst),
        .read(ready && !asked_write),
        .read_addr(asked_addr),
        .made_up(stim_word),
        .word(word),
        .write(ends && write === 1'b1),
        .write_addr(addr),
        .write_data(wdata),
        .write_lanes(strb)
    );

    always @(posedge clk) begin
        asked       <= sel === 1'b1 && !ends && !rst;
        asked_write <= write === 1'b1;
        asked_addr  <= addr;
    end

    initial begin
        asked       = 1'b0;
        asked_write = 1'b0;
        asked_addr  = {ADDR_WIDTH{1'b0}};
    end

endmodule

`default_nettype wire
