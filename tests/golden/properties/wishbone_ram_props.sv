// Properties of wishbone_ram, from the protocols at its ports. Assertions are what it owes, assumptions what its
// partners owe. Yours to edit: 'posedge search' judges by what is written here, except where a rule or the
// reference model of the bench judges the same. Any simulator that knows bind takes the file as it is.

module wishbone_ram_props #(
  parameter int WB_SEL_I_BITS = 4,
  parameter int WB_ADR_I_BITS = 6
) (
  input logic wb_clk_i,
  input logic wb_rst_i,
  input logic wb_cyc_i,
  input logic wb_stb_i,
  input logic wb_we_i,
  input logic [WB_SEL_I_BITS-1:0] wb_sel_i,
  input logic [WB_ADR_I_BITS-1:0] wb_adr_i,
  input logic wb_ack_o
);
  default clocking @(posedge wb_clk_i); endclocking
  default disable iff (wb_rst_i);

  // Wishbone wb (B4): 3.35, 3.45 and 3.50 answers, 3.25 cycle and strobe.

  // wb_ack_o only answers a strobe within a bus cycle.
  wb_ack_o_answers: assert property (wb_ack_o |-> (wb_cyc_i && wb_stb_i) || $past(wb_cyc_i && wb_stb_i));

  // A request stays until its answer.
  wb_stb_i_held: assume property (wb_cyc_i && wb_stb_i && !(wb_ack_o) |=> wb_cyc_i && wb_stb_i && $stable(wb_adr_i) && $stable(wb_we_i) && $stable(wb_sel_i));

  // An access is made to wait.
  wb_ack_o_waits: cover property ((wb_cyc_i && wb_stb_i && !wb_ack_o) ##1 wb_ack_o);

  // Two accesses are answered within a few cycles.
  wb_cyc_i_block: cover property ((wb_cyc_i && wb_stb_i && wb_ack_o) ##[1:4] (wb_cyc_i && wb_stb_i && wb_ack_o));
endmodule

bind wishbone_ram wishbone_ram_props #(.WB_SEL_I_BITS($bits(wb_sel_i)), .WB_ADR_I_BITS($bits(wb_adr_i))) props (.*);
