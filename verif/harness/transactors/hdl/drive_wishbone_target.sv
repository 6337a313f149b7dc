// Memory behind a Wishbone master (Wishbone B4): ack, or with stim_error err, for one cycle, at the earliest in the
// cycle after the request was seen. While nothing is read, dat_r is stimulus.
`default_nettype none

module drive_wishbone_target #(
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
    input  logic                  cyc,
    input  logic                  stb,
    input  logic                  we,
    input  logic [ADDR_WIDTH-1:0] adr,
    input  logic [DATA_WIDTH-1:0] dat_w,
    input  logic [LANES-1:0]      sel,
    output logic                  ack,
    output logic                  err,
    output logic [DATA_WIDTH-1:0] dat_r
);

    logic                  asked;    // in the last cycle
    logic                  asked_we;
    logic [ADDR_WIDTH-1:0] asked_adr;
    logic [DATA_WIDTH-1:0] asked_dat;
    logic [LANES-1:0]      asked_sel;
    logic [DATA_WIDTH-1:0] word;
    logic                  answer;

    assign answer = !rst && asked && stim_answer;
    assign err    = answer && stim_error;
    assign ack    = answer && !stim_error;
    assign dat_r  = ack ? word : stim_word;

    drive_words #(
        .ADDR_WIDTH(ADDR_WIDTH),
        .DATA_WIDTH(DATA_WIDTH),
        .LANES(LANES),
        .SHIFT(SHIFT),
        .PLACE_BITS(PLACE_BITS)
    ) memory (
        .clk(clk),
        .rst(rst),
        .read(ack && !asked_we),
        .read_addr(asked_adr),
        .made_up(stim_word),
        .word(word),
        .write(ack && asked_we),
        .write_addr(asked_adr),
        .write_data(asked_dat),
        .write_lanes(asked_sel)
    );

    always @(posedge clk) begin
        asked     <= cyc === 1'b1 && stb === 1'b1 && !answer && !rst;
        asked_we  <= we === 1'b1;
        asked_adr <= adr;
        asked_dat <= dat_w;
        asked_sel <= sel;
    end

    initial begin
        asked     = 1'b0;
        asked_we  = 1'b0;
        asked_adr = {ADDR_WIDTH{1'b0}};
        asked_dat = {DATA_WIDTH{1'b0}};
        asked_sel = {LANES{1'b0}};
    end

endmodule

`default_nettype wire
