// APB master (IHI 0024): a setup cycle, then access cycles until ready; all else is stable meanwhile.
// Reads carry no strobes. In reset the lines are plain stimulus, which must have no effect.
`default_nettype none

module drive_apb #(
    parameter ADDR_WIDTH = 8,
    parameter DATA_WIDTH = 32,
    parameter STRB_WIDTH = 4
) (
    input  logic                  clk,
    input  logic                  rst,
    input  logic                  stim_go,
    input  logic                  stim_write,
    input  logic [ADDR_WIDTH-1:0] stim_addr,
    input  logic [DATA_WIDTH-1:0] stim_wdata,
    input  logic [STRB_WIDTH-1:0] stim_strb,
    input  logic [2:0]            stim_prot,
    input  logic                  ready,
    output logic                  sel,
    output logic                  enable,
    output logic                  write,
    output logic [ADDR_WIDTH-1:0] addr,
    output logic [DATA_WIDTH-1:0] wdata,
    output logic [STRB_WIDTH-1:0] strb,
    output logic [2:0]            prot
);

    logic                  access;    // this is an access cycle
    logic                  setup;
    logic                  held_write;
    logic [ADDR_WIDTH-1:0] held_addr;
    logic [DATA_WIDTH-1:0] held_wdata;
    logic [STRB_WIDTH-1:0] held_strb;
    logic [2:0]            held_prot;

    assign setup  = !access && stim_go;
    assign sel    = rst ? stim_go : access || setup;
    assign enable = rst ? stim_go && stim_wdata[0] : access;
    assign write  = setup || rst ? stim_write : held_write;
    assign addr   = setup || rst ? stim_addr : held_addr;
    assign wdata  = setup || rst ? stim_wdata : held_wdata;
    assign prot   = setup || rst ? stim_prot : held_prot;
    assign strb   = write ? (setup || rst ? stim_strb : held_strb) : {STRB_WIDTH{1'b0}};

    always @(posedge clk) begin
        access     <= !rst && (setup || (access && ready !== 1'b1));
        held_write <= write;
        held_addr  <= addr;
        held_wdata <= wdata;
        held_strb  <= strb;
        held_prot  <= prot;
    end

    initial begin
        access     = 1'b0;
        held_write = 1'b0;
        held_addr  = {ADDR_WIDTH{1'b0}};
        held_wdata = {DATA_WIDTH{1'b0}};
        held_strb  = {STRB_WIDTH{1'b0}};
        held_prot  = 3'd0;
    end

endmodule

`default_nettype wire
