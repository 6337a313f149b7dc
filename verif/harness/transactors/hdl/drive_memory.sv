// Memory behind a valid/ready request, like picorv32's: the answer comes at the earliest in the cycle after the request
// was seen and lasts one cycle. While there is none, rdata is stimulus.
`default_nettype none

module drive_memory #(
    parameter ADDR_WIDTH = 32,
    parameter DATA_WIDTH = 32,
    parameter LANES = 4,
    parameter SHIFT = 2,
    parameter PLACE_BITS = 4
) (
    input  logic                  clk,
    input  logic                  rst,
    input  logic                  stim_answer,
    input  logic [DATA_WIDTH-1:0] stim_word,
    input  logic                  valid,
    input  logic [ADDR_WIDTH-1:0] addr,
    input  logic [DATA_WIDTH-1:0] wdata,
    input  logic [LANES-1:0]      lanes,    // bytes to write; none: a read
    output logic                  ready,
    output logic [DATA_WIDTH-1:0] rdata
);

    logic                  asked;    // in the last cycle
    logic [ADDR_WIDTH-1:0] asked_addr;
    logic [DATA_WIDTH-1:0] asked_wdata;
    logic [LANES-1:0]      asked_lanes;
    logic [DATA_WIDTH-1:0] word;

    assign ready = !rst && asked && stim_answer;
    assign rdata = ready ? word : stim_word;

    drive_words #(
        .ADDR_WIDTH(ADDR_WIDTH),
        .DATA_WIDTH(DATA_WIDTH),
        .LANES(LANES),
        .SHIFT(SHIFT),
        .PLACE_BITS(PLACE_BITS)
    ) memory (
        .clk(clk),
        .rst(rst),
        .read(ready && asked_lanes == {LANES{1'b0}}),
        .read_addr(asked_addr),
        .made_up(stim_word),
        .word(word),
        .write(ready && asked_lanes != {LANES{1'b0}}),
        .write_addr(asked_addr),
        .write_data(asked_wdata),
        .write_lanes(asked_lanes)
    );

    always @(posedge clk) begin
        asked       <= valid === 1'b1 && !ready && !rst;
        asked_addr  <= addr;
        asked_wdata <= wdata;
        asked_lanes <= lanes;
    end

    initial begin
        asked       = 1'b0;
        asked_addr  = {ADDR_WIDTH{1'b0}};
        asked_wdata = {DATA_WIDTH{1'b0}};
        asked_lanes = {LANES{1'b0}};
    end

endmodule

`default_nettype wire
