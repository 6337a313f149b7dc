// Properties of skid_buffer, from the protocols at its ports. Assertions are what it owes, assumptions what its
// partners owe. Yours to edit: 'posedge search' judges by what is written here, except where a rule or the
// reference model of the bench judges the same. Any simulator that knows bind takes the file as it is.

module skid_buffer_props #(
  parameter int S_AXIS_TDATA_BITS = 8,
  parameter int M_AXIS_TDATA_BITS = 8
) (
  input logic clk,
  input logic rst_n,
  input logic [S_AXIS_TDATA_BITS-1:0] s_axis_tdata,
  input logic s_axis_tlast,
  input logic s_axis_tvalid,
  input logic s_axis_tready,
  input logic [M_AXIS_TDATA_BITS-1:0] m_axis_tdata,
  input logic m_axis_tlast,
  input logic m_axis_tvalid,
  input logic m_axis_tready
);
  default clocking @(posedge clk); endclocking
  default disable iff (!rst_n);

  // AXI4-Stream s_axis (AMBA IHI 0051): 2.2.1 handshake, 2.4 byte qualifiers.

  // Once s_axis_tvalid is 1, it and its payload stand until s_axis_tready is 1.
  s_axis_tvalid_stable: assume property (s_axis_tvalid && !s_axis_tready |=> s_axis_tvalid && $stable(s_axis_tdata) && $stable(s_axis_tlast));

  // A beat waits to be taken.
  s_axis_tvalid_waits: cover property (s_axis_tvalid && !s_axis_tready ##1 s_axis_tready);

  // Two beats pass in consecutive cycles.
  s_axis_tvalid_back_to_back: cover property ((s_axis_tvalid && s_axis_tready)[*2]);

  // AXI4-Stream m_axis (AMBA IHI 0051): 2.2.1 handshake, 2.4 byte qualifiers.

  // Once m_axis_tvalid is 1, it and its payload stand until m_axis_tready is 1.
  m_axis_tvalid_stable: assert property (m_axis_tvalid && !m_axis_tready |=> m_axis_tvalid && $stable(m_axis_tdata) && $stable(m_axis_tlast));

  // A beat waits to be taken.
  m_axis_tvalid_waits: cover property (m_axis_tvalid && !m_axis_tready ##1 m_axis_tready);

  // Two beats pass in consecutive cycles.
  m_axis_tvalid_back_to_back: cover property ((m_axis_tvalid && m_axis_tready)[*2]);
endmodule

bind skid_buffer skid_buffer_props #(.S_AXIS_TDATA_BITS($bits(s_axis_tdata)), .M_AXIS_TDATA_BITS($bits(m_axis_tdata))) props (.*);
