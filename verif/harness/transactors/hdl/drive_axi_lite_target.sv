// Memory behind an AXI4-Lite master (IHI 0022, part B): one access a side, responses that stay until taken.
`default_nettype none

module drive_axi_lite_target #(
    parameter ADDR_WIDTH = 32,
    parameter DATA_WIDTH = 32,
    parameter LANES = 4,
    parameter SHIFT = 2,
    parameter PLACE_BITS = 4
) (
    input  logic                  clk,
    input  logic                  rst,
    input  logic                  stim_awready,
    input  logic                  stim_wready,
    input  logic                  stim_arready,
    input  logic                  stim_banswer,
    input  logic                  stim_ranswer,
    input  logic                  stim_berror,
    input  logic                  stim_rerror,
    input  logic [DATA_WIDTH-1:0] stim_word,
    input  logic                  awvalid,
    input  logic [ADDR_WIDTH-1:0] awaddr,
    input  logic                  wvalid,
    input  logic [DATA_WIDTH-1:0] wdata,
    input  logic [LANES-1:0]      wstrb,
    input  logic                  bready,
    input  logic                  arvalid,
    input  logic [ADDR_WIDTH-1:0] araddr,
    input  logic                  rready,
    output logic                  awready,
    output logic                  wready,
    output logic                  bvalid,
    output logic [1:0]            bresp,
    output logic                  arready,
    output logic                  rvalid,
    output logic [1:0]            rresp,
    output logic [DATA_WIDTH-1:0] rdata
);

    logic                  aw_full;      // an address was taken and not answered
    logic                  w_full;
    logic                  ar_full;
    logic                  b_waits;      // a response was not taken yet
    logic                  r_waits;
    logic                  b_begins;
    logic                  r_begins;
    logic [ADDR_WIDTH-1:0] write_addr;
    logic [DATA_WIDTH-1:0] write_data;
    logic [LANES-1:0]      write_lanes;
    logic [ADDR_WIDTH-1:0] read_addr;
    logic [DATA_WIDTH-1:0] word;
    logic [DATA_WIDTH-1:0] held_data;
    logic                  held_berror;
    logic                  held_rerror;

    assign b_begins = !rst && aw_full && w_full && !b_waits && stim_banswer;
    assign r_begins = !rst && ar_full && !r_waits && stim_ranswer;
    assign bvalid   = !rst && (b_waits || b_begins);
    assign rvalid   = !rst && (r_waits || r_begins);
    assign bresp    = {b_begins ? stim_berror : held_berror, 1'b0};
    assign rresp    = {r_begins ? stim_rerror : held_rerror, 1'b0};
    assign rdata    = r_begins ? word : held_data;

    assign awready = !rst && stim_awready && (!aw_full || b_begins);
    assign wready  = !rst && stim_wready && (!w_full || b_begins);
    assign arready = !rst && stim_arready && (!ar_full || r_begins);

    drive_words #(
        .ADDR_WIDTH(ADDR_WIDTH),
        .DATA_WIDTH(DATA_WIDTH),
        .LANES(LANES),
        .SHIFT(SHIFT),
        .PLACE_BITS(PLACE_BITS)
    ) memory (
        .clk(clk),
        .rst(rst),
        .read(r_begins),
        .read_addr(read_addr),
        .made_up(stim_word),
        .word(word),
        .write(b_begins),
        .write_addr(write_addr),
        .write_data(write_data),
        .write_lanes(write_lanes)
    );

    always @(posedge clk) begin
        aw_full     <= !rst && ((aw_full && !b_begins) || (awready && awvalid === 1'b1));
        w_full      <= !rst && ((w_full && !b_begins) || (wready && wvalid === 1'b1));
        ar_full     <= !rst && ((ar_full && !r_begins) || (arready && arvalid === 1'b1));
        b_waits     <= bvalid && bready !== 1'b1;
        r_waits     <= rvalid && rready !== 1'b1;
        held_data   <= rdata;
        held_berror <= bresp[1];
        held_rerror <= rresp[1];
        if (awready && awvalid === 1'b1) begin
            write_addr <= awaddr;
        end
        if (wready && wvalid === 1'b1) begin
            write_data  <= wdata;
            write_lanes <= wstrb;
        end
        if (arready && arvalid === 1'b1) begin
            read_addr <= araddr;
        end
    end

    initial begin
        aw_full     = 1'b0;
        w_full      = 1'b0;
        ar_full     = 1'b0;
        b_waits     = 1'b0;
        r_waits     = 1'b0;
        write_addr  = {ADDR_WIDTH{1'b0}};
        write_data  = {DATA_WIDTH{1'b0}};
        write_lanes = {LANES{1'b0}};
        read_addr   = {ADDR_WIDTH{1'b0}};
        held_data   = {DATA_WIDTH{1'b0}};
        held_berror = 1'b0;
        held_rerror = 1'b0;
    end

endmodule

`default_nettype wire
