// Transfers with and without gaps; miso and tx_data change in every cycle.
task drive;
  begin
    start   = chance(rate_a);
    tx_data = bits(0);
    miso    = bits(0);
  end
endtask
