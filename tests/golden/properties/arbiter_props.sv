// Properties of arbiter, from the protocols at its ports. Assertions are what it owes, assumptions what its
// partners owe. Yours to edit: 'posedge search' judges by what is written here, except where a rule or the
// reference model of the bench judges the same. Any simulator that knows bind takes the file as it is.

module arbiter_props #(
  parameter int REQ_BITS = 4,
  parameter int GNT_BITS = 4
) (
  input logic clk,
  input logic rst_n,
  input logic [REQ_BITS-1:0] req,
  input logic [GNT_BITS-1:0] gnt
);
  default clocking @(posedge clk); endclocking
  default disable iff (!rst_n);

  // Arbiter request_grant.

  // One requester at most is granted.
  gnt_alone: assert property ($onehot0(gnt));

  // Only who requests, or did so in the cycle before, is granted.
  gnt_requested: assert property ((gnt & ~(req | $past(req))) == 0);

  // Several request at once.
  req_contended: cover property ($countones(req) > 1);

  // The grant passes from one requester to another at once.
  gnt_passes_on: cover property (gnt != 0 ##1 (gnt != 0 && $changed(gnt)));
endmodule

bind arbiter arbiter_props #(.REQ_BITS($bits(req)), .GNT_BITS($bits(gnt))) props (.*);
