// Properties of apb_timer, from the protocols at its ports. Assertions are what it owes, assumptions what its
// partners owe. Yours to edit: 'posedge search' judges by what is written here, except where a rule or the
// reference model of the bench judges the same. Any simulator that knows bind takes the file as it is.

module apb_timer_props #(
  parameter int PADDR_BITS = 8,
  parameter int PWDATA_BITS = 32
) (
  input logic pclk,
  input logic presetn,
  input logic psel,
  input logic penable,
  input logic pwrite,
  input logic [PADDR_BITS-1:0] paddr,
  input logic [PWDATA_BITS-1:0] pwdata,
  input logic pready
);
  default clocking @(posedge pclk); endclocking
  default disable iff (!presetn);

  // APB apb (AMBA IHI 0024): 3.1 writes, 3.3 reads, 4.1 operating states.

  // An access begins with a setup cycle: psel without penable.
  psel_setup: assume property ($rose(psel) |-> !penable);

  // The access phase follows the setup phase.
  psel_access_follows: assume property (psel && !penable |=> psel && penable);

  // An access stays until pready is 1.
  psel_held: assume property (psel && penable && !pready |=> psel && penable);

  // An access that is done ends, or another one begins with its setup cycle.
  penable_falls: assume property (psel && penable && pready |=> !penable);

  // Address and control are stable throughout an access.
  psel_stable: assume property (psel && !(penable && pready) |=> $stable(paddr) && $stable(pwrite));

  // Write data is stable throughout a write.
  pwdata_stable: assume property (psel && pwrite && !(penable && pready) |=> $stable(pwdata));

  // In an access pready is 0 or 1.
  pready_known: assert property (psel && penable |-> !$isunknown(pready));

  // An access completes.
  psel_access: cover property (psel && penable && pready);

  // An access is made to wait.
  psel_waits: cover property ((psel && penable && !pready) ##1 pready);

  // A read follows a write at once.
  psel_write_then_read: cover property ((psel && penable && pready && pwrite) ##1 (psel && !pwrite));
endmodule

bind apb_timer apb_timer_props #(.PADDR_BITS($bits(paddr)), .PWDATA_BITS($bits(pwdata))) props (.*);
