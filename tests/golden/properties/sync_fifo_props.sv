// Properties of sync_fifo, from the protocols at its ports. Assertions are what it owes, assumptions what its
// partners owe. Yours to edit: 'posedge search' judges by what is written here, except where a rule or the
// reference model of the bench judges the same. Any simulator that knows bind takes the file as it is.

module sync_fifo_props (
  input logic clk,
  input logic rst_n,
  input logic wr_en,
  input logic full,
  input logic rd_en,
  input logic empty
);
  default clocking @(posedge clk); endclocking
  default disable iff (!rst_n);

  // FIFO fifo: its flags; a write while full and a read while empty do nothing.

  logic [15:0] fifo_stored;
  initial fifo_stored = 16'd0;
  always @(posedge clk)
    if (!rst_n) fifo_stored <= 16'd0;
    else fifo_stored <= fifo_stored + {15'd0, wr_en && !full} - {15'd0, rd_en && !empty && (fifo_stored != 0 || (wr_en && !full))};

  // A FIFO is never full and empty.
  full_not_empty: assert property (!(full && empty));

  // A FIFO from which all words were read is empty.
  empty_when_drained: assert property (fifo_stored == 0 |-> empty);

  // A full FIFO stays full until a word is read.
  full_stays: assert property (full && !rd_en |=> full);

  // A write meets a full FIFO.
  full_written: cover property (full && wr_en);

  // A read meets an empty FIFO.
  empty_read: cover property (empty && rd_en);

  // A full FIFO is drained.
  full_and_drained: cover property (full ##[1:64] empty);

  // A word goes in while one comes out.
  fifo_passes: cover property (wr_en && rd_en && !full && !empty);
endmodule

bind sync_fifo sync_fifo_props props (.*);
