// Properties of async_fifo, from the protocols at its ports. Assertions are what it owes, assumptions what its
// partners owe. Yours to edit: 'posedge search' judges by what is written here, except where a rule or the
// reference model of the bench judges the same. Any simulator that knows bind takes the file as it is.

module async_fifo_props (
  input logic wr_clk,
  input logic wr_rst_n,
  input logic wr_en,
  input logic full,
  input logic rd_clk,
  input logic rd_rst_n,
  input logic rd_en,
  input logic empty
);
  default disable iff (!wr_rst_n || !rd_rst_n);

  // FIFO fifo: its flags; a write while full and a read while empty do nothing.

  logic fifo_alone, fifo_split;
  assign fifo_alone = (!wr_rst_n) != (!rd_rst_n);
  initial fifo_split = 1'b0;
  always @(posedge wr_clk or posedge fifo_alone)
    if (fifo_alone) fifo_split <= 1'b1;
    else if (!wr_rst_n) fifo_split <= 1'b0;

  // A FIFO gets full by a write in one of the last two cycles of that side.
  full_by_a_write: assert property (@(posedge wr_clk) !fifo_split && $rose(full) |-> $past(wr_en) || $past(wr_en, 2));

  // A FIFO gets empty by a read in one of the last two cycles of that side.
  empty_by_a_read: assert property (@(posedge rd_clk) !fifo_split && $rose(empty) |-> $past(rd_en) || $past(rd_en, 2));

  // A write meets a full FIFO.
  full_written: cover property (@(posedge wr_clk) full && wr_en);

  // A read meets an empty FIFO.
  empty_read: cover property (@(posedge rd_clk) empty && rd_en);
endmodule

bind async_fifo async_fifo_props props (.*);
