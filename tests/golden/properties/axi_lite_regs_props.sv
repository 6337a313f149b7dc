// Properties of axi_lite_regs, from the protocols at its ports. Assertions are what it owes, assumptions what
// its partners owe. Yours to edit: 'posedge search' judges by what is written here, except where a rule or the
// reference model of the bench judges the same. Any simulator that knows bind takes the file as it is.

module axi_lite_regs_props #(
  parameter int S_AXIL_AWADDR_BITS = 6,
  parameter int S_AXIL_AWPROT_BITS = 3,
  parameter int S_AXIL_WDATA_BITS = 32,
  parameter int S_AXIL_WSTRB_BITS = 4,
  parameter int S_AXIL_BRESP_BITS = 2,
  parameter int S_AXIL_ARADDR_BITS = 6,
  parameter int S_AXIL_ARPROT_BITS = 3,
  parameter int S_AXIL_RDATA_BITS = 32,
  parameter int S_AXIL_RRESP_BITS = 2
) (
  input logic aclk,
  input logic aresetn,
  input logic [S_AXIL_AWADDR_BITS-1:0] s_axil_awaddr,
  input logic [S_AXIL_AWPROT_BITS-1:0] s_axil_awprot,
  input logic s_axil_awvalid,
  input logic s_axil_awready,
  input logic [S_AXIL_WDATA_BITS-1:0] s_axil_wdata,
  input logic [S_AXIL_WSTRB_BITS-1:0] s_axil_wstrb,
  input logic s_axil_wvalid,
  input logic s_axil_wready,
  input logic [S_AXIL_BRESP_BITS-1:0] s_axil_bresp,
  input logic s_axil_bvalid,
  input logic s_axil_bready,
  input logic [S_AXIL_ARADDR_BITS-1:0] s_axil_araddr,
  input logic [S_AXIL_ARPROT_BITS-1:0] s_axil_arprot,
  input logic s_axil_arvalid,
  input logic s_axil_arready,
  input logic [S_AXIL_RDATA_BITS-1:0] s_axil_rdata,
  input logic [S_AXIL_RRESP_BITS-1:0] s_axil_rresp,
  input logic s_axil_rvalid,
  input logic s_axil_rready
);
  default clocking @(posedge aclk); endclocking
  default disable iff (!aresetn);

  // AXI4-Lite s_axil (AMBA IHI 0022): A3.2.1 handshake, A3.3.1 order, B1.1.1 responses.

  logic [15:0] s_axil_aw_waiting;
  initial s_axil_aw_waiting = 16'd0;
  always @(posedge aclk)
    if (!aresetn) s_axil_aw_waiting <= 16'd0;
    else s_axil_aw_waiting <= s_axil_aw_waiting + {15'd0, s_axil_awvalid && s_axil_awready} - {15'd0, s_axil_bvalid && s_axil_bready && (s_axil_aw_waiting != 0 || (s_axil_awvalid && s_axil_awready))};
  logic [15:0] s_axil_w_waiting;
  initial s_axil_w_waiting = 16'd0;
  always @(posedge aclk)
    if (!aresetn) s_axil_w_waiting <= 16'd0;
    else s_axil_w_waiting <= s_axil_w_waiting + {15'd0, s_axil_wvalid && s_axil_wready} - {15'd0, s_axil_bvalid && s_axil_bready && (s_axil_w_waiting != 0 || (s_axil_wvalid && s_axil_wready))};
  logic [15:0] s_axil_ar_waiting;
  initial s_axil_ar_waiting = 16'd0;
  always @(posedge aclk)
    if (!aresetn) s_axil_ar_waiting <= 16'd0;
    else s_axil_ar_waiting <= s_axil_ar_waiting + {15'd0, s_axil_arvalid && s_axil_arready} - {15'd0, s_axil_rvalid && s_axil_rready && (s_axil_ar_waiting != 0 || (s_axil_arvalid && s_axil_arready))};

  // Once s_axil_awvalid is 1, it and its payload stand until s_axil_awready is 1.
  s_axil_awvalid_stable: assume property (s_axil_awvalid && !s_axil_awready |=> s_axil_awvalid && $stable(s_axil_awaddr) && $stable(s_axil_awprot));

  // Once s_axil_wvalid is 1, it and its payload stand until s_axil_wready is 1.
  s_axil_wvalid_stable: assume property (s_axil_wvalid && !s_axil_wready |=> s_axil_wvalid && $stable(s_axil_wdata) && $stable(s_axil_wstrb));

  // Once s_axil_bvalid is 1, it and its payload stand until s_axil_bready is 1.
  s_axil_bvalid_stable: assert property (s_axil_bvalid && !s_axil_bready |=> s_axil_bvalid && $stable(s_axil_bresp));

  // Once s_axil_arvalid is 1, it and its payload stand until s_axil_arready is 1.
  s_axil_arvalid_stable: assume property (s_axil_arvalid && !s_axil_arready |=> s_axil_arvalid && $stable(s_axil_araddr) && $stable(s_axil_arprot));

  // Once s_axil_rvalid is 1, it and its payload stand until s_axil_rready is 1.
  s_axil_rvalid_stable: assert property (s_axil_rvalid && !s_axil_rready |=> s_axil_rvalid && $stable(s_axil_rdata) && $stable(s_axil_rresp));

  // s_axil_bresp is never EXOKAY, which AXI4-Lite doesn't have.
  s_axil_bresp_legal: assert property (s_axil_bvalid |-> s_axil_bresp != 2'b01);

  // s_axil_rresp is never EXOKAY, which AXI4-Lite doesn't have.
  s_axil_rresp_legal: assert property (s_axil_rvalid |-> s_axil_rresp != 2'b01);

  // s_axil_bvalid only answers a request that s_axil_awvalid and s_axil_wvalid made before.
  s_axil_bvalid_answers: assert property (s_axil_bvalid |-> (s_axil_aw_waiting != 0 || (s_axil_awvalid && s_axil_awready)) && (s_axil_w_waiting != 0 || (s_axil_wvalid && s_axil_wready)));

  // s_axil_rvalid only answers a request that s_axil_arvalid made before.
  s_axil_rvalid_answers: assert property (s_axil_rvalid |-> (s_axil_ar_waiting != 0 || (s_axil_arvalid && s_axil_arready)));

  // A write's address comes before its data.
  s_axil_address_first: cover property (s_axil_awvalid && !s_axil_wvalid);

  // A write's data comes before its address.
  s_axil_data_first: cover property (s_axil_wvalid && !s_axil_awvalid);

  // A response waits to be taken.
  s_axil_bvalid_waits: cover property (s_axil_bvalid && !s_axil_bready ##1 s_axil_bready);

  // A response waits to be taken.
  s_axil_rvalid_waits: cover property (s_axil_rvalid && !s_axil_rready ##1 s_axil_rready);
endmodule

bind axi_lite_regs axi_lite_regs_props #(.S_AXIL_AWADDR_BITS($bits(s_axil_awaddr)), .S_AXIL_AWPROT_BITS($bits(s_axil_awprot)), .S_AXIL_WDATA_BITS($bits(s_axil_wdata)), .S_AXIL_WSTRB_BITS($bits(s_axil_wstrb)), .S_AXIL_BRESP_BITS($bits(s_axil_bresp)), .S_AXIL_ARADDR_BITS($bits(s_axil_araddr)), .S_AXIL_ARPROT_BITS($bits(s_axil_arprot)), .S_AXIL_RDATA_BITS($bits(s_axil_rdata)), .S_AXIL_RRESP_BITS($bits(s_axil_rresp))) props (.*);
