// AXI4-Lite master (IHI 0022, part B), both sides at the same time, one access a side under way.
// Each valid stays with its payload until its ready. stim_awlater and stim_wlater put off one valid of a write, never
// because of the other's ready. stim_overlap begins the next write before the last one's response.
`default_nettype none

module drive_axi_lite #(
    parameter ADDR_WIDTH = 8,
    parameter DATA_WIDTH = 32,
    parameter STRB_WIDTH = 4
) (
    input  logic                  clk,
    input  logic                  rst,
    input  logic                  stim_write,
    input  logic                  stim_overlap,
    input  logic                  stim_awlater,
    input  logic                  stim_wlater,
    input  logic [ADDR_WIDTH-1:0] stim_awaddr,
    input  logic [2:0]            stim_awprot,
    input  logic [DATA_WIDTH-1:0] stim_wdata,
    input  logic [STRB_WIDTH-1:0] stim_wstrb,
    input  logic                  stim_bready,
    input  logic                  stim_read,
    input  logic [ADDR_WIDTH-1:0] stim_araddr,
    input  logic [2:0]            stim_arprot,
    input  logic                  stim_rready,
    input  logic                  awready,
    input  logic                  wready,
    input  logic                  bvalid,
    input  logic                  arready,
    input  logic                  rvalid,
    output logic                  awvalid,
    output logic [ADDR_WIDTH-1:0] awaddr,
    output logic [2:0]            awprot,
    output logic                  wvalid,
    output logic [DATA_WIDTH-1:0] wdata,
    output logic [STRB_WIDTH-1:0] wstrb,
    output logic                  bready,
    output logic                  arvalid,
    output logic [ADDR_WIDTH-1:0] araddr,
    output logic [2:0]            arprot,
    output logic                  rready
);

    logic                  aw_left;      // a write address is still to be taken
    logic                  aw_shown;     // and its valid was 1
    logic                  w_left;
    logic                  w_shown;
    logic                  ar_left;
    logic [3:0]            b_left;       // responses that are still to come
    logic                  r_left;
    logic                  write;        // a write begins
    logic                  read;
    logic                  b_taken;
    logic [ADDR_WIDTH-1:0] held_awaddr;
    logic [2:0]            held_awprot;
    logic [DATA_WIDTH-1:0] held_wdata;
    logic [STRB_WIDTH-1:0] held_wstrb;
    logic [ADDR_WIDTH-1:0] held_araddr;
    logic [2:0]            held_arprot;

    assign write   = !rst && stim_write && !aw_left && !w_left
                   && (b_left == 4'd0 || (stim_overlap && b_left != 4'd15));
    assign read    = !rst && stim_read && !ar_left && !r_left;
    assign awvalid = !rst && (aw_shown || ((aw_left || write) && !stim_awlater));
    assign wvalid  = !rst && (w_shown || ((w_left || write) && !stim_wlater));
    assign arvalid = !rst && (ar_left || read);
    assign bready  = !rst && stim_bready;
    assign rready  = !rst && stim_rready;

    assign awaddr = write ? stim_awaddr : held_awaddr;
    assign awprot = write ? stim_awprot : held_awprot;
    assign wdata  = write ? stim_wdata : held_wdata;
    assign wstrb  = write ? stim_wstrb : held_wstrb;
    assign araddr = read ? stim_araddr : held_araddr;
    assign arprot = read ? stim_arprot : held_arprot;

    assign b_taken = bready && bvalid === 1'b1 && (write || b_left != 4'd0);

    always @(posedge clk) begin
        aw_shown    <= awvalid && awready !== 1'b1;
        w_shown     <= wvalid && wready !== 1'b1;
        aw_left     <= !rst && (aw_left || write) && !(awvalid && awready === 1'b1);
        w_left      <= !rst && (w_left || write) && !(wvalid && wready === 1'b1);
        ar_left     <= arvalid && arready !== 1'b1;
        b_left      <= rst ? 4'd0 : b_left + {3'd0, write} - {3'd0, b_taken};
        r_left      <= !rst && (r_left || read) && !(rready && rvalid === 1'b1);
        held_awaddr <= awaddr;
        held_awprot <= awprot;
        held_wdata  <= wdata;
        held_wstrb  <= wstrb;
        held_araddr <= araddr;
        held_arprot <= arprot;
    end

    initial begin
        aw_left     = 1'b0;
        aw_shown    = 1'b0;
        w_left      = 1'b0;
        w_shown     = 1'b0;
        ar_left     = 1'b0;
        b_left      = 4'd0;
        r_left      = 1'b0;
        held_awaddr = {ADDR_WIDTH{1'b0}};
        held_awprot = 3'd0;
        held_wdata  = {DATA_WIDTH{1'b0}};
        held_wstrb  = {STRB_WIDTH{1'b0}};
        held_araddr = {ADDR_WIDTH{1'b0}};
        held_arprot = 3'd0;
    end

endmodule

`default_nettype wire
