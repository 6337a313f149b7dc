// Wishbone master (Wishbone B4), classic, or pipelined with PIPELINED: all lines are held until ack, err or rty.
// stim_block keeps cyc from one access to the next, stim_pause leaves stb low in between, stim_stray shows stb without
// cyc. An access without an answer is given up after PATIENCE cycles. In reset the lines are plain stimulus.
`default_nettype none

module drive_wishbone #(
    parameter ADDR_WIDTH = 8,
    parameter DATA_WIDTH = 32,
    parameter SEL_WIDTH = 4,
    parameter PIPELINED = 0,
    parameter [7:0] PATIENCE = 8'd200
) (
    input  logic                  clk,
    input  logic                  rst,
    input  logic                  stim_go,
    input  logic                  stim_block,
    input  logic                  stim_pause,
    input  logic                  stim_stray,
    input  logic                  stim_we,
    input  logic [ADDR_WIDTH-1:0] stim_adr,
    input  logic [DATA_WIDTH-1:0] stim_dat_w,
    input  logic [SEL_WIDTH-1:0]  stim_sel,
    input  logic                  ack,
    input  logic                  err,
    input  logic                  rty,
    input  logic                  stall,
    output logic                  cyc,
    output logic                  stb,
    output logic                  we,
    output logic [ADDR_WIDTH-1:0] adr,
    output logic [DATA_WIDTH-1:0] dat_w,
    output logic [SEL_WIDTH-1:0]  sel
);

    logic                  waiting;     // the last cycle's access goes on
    logic                  asking;      // and its stb has not been taken
    logic                  ended;       // the last cycle's access was answered
    logic                  paused;      // cyc was 1 in the last cycle, without an access
    logic [7:0]            waited;
    logic                  kept;        // cyc stays from the last cycle
    logic                  begins;
    logic                  access;
    logic                  answered;
    logic                  fresh;       // the lines show new stimulus
    logic                  held_we;
    logic [ADDR_WIDTH-1:0] held_adr;
    logic [DATA_WIDTH-1:0] held_dat_w;
    logic [SEL_WIDTH-1:0]  held_sel;

    assign kept   = paused || (ended && stim_block);
    assign begins = !waiting && (kept ? !stim_pause : stim_go);
    assign access = waiting || begins;
    assign cyc    = rst ? stim_go : access || kept;
    assign stb    = rst ? stim_go : begins || asking || (!cyc && stim_stray);

    assign fresh = rst || begins;
    assign we    = fresh ? stim_we : held_we;
    assign adr   = fresh ? stim_adr : held_adr;
    assign dat_w = fresh ? stim_dat_w : held_dat_w;
    assign sel   = fresh ? stim_sel : held_sel;

    assign answered = access && (ack === 1'b1 || err === 1'b1 || rty === 1'b1);

    always @(posedge clk) begin
        waiting    <= !rst && access && !answered && !(waiting && waited + 8'd1 >= PATIENCE);
        asking     <= !rst && access && !answered && !(waiting && waited + 8'd1 >= PATIENCE)
                    && (begins || asking) && (PIPELINED == 0 || stall === 1'b1);
        ended      <= !rst && answered;
        paused     <= !rst && kept && !access;
        waited     <= begins ? 8'd1 : waited + 8'd1;
        held_we    <= we;
        held_adr   <= adr;
        held_dat_w <= dat_w;
        held_sel   <= sel;
    end

    initial begin
        waiting    = 1'b0;
        asking     = 1'b0;
        ended      = 1'b0;
        paused     = 1'b0;
        waited     = 8'd0;
        held_we    = 1'b0;
        held_adr   = {ADDR_WIDTH{1'b0}};
        held_dat_w = {DATA_WIDTH{1'b0}};
        held_sel   = {SEL_WIDTH{1'b0}};
    end

endmodule

`default_nettype wire
