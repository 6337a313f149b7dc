// Long runs of counting, rare loads.
task drive;
  begin
    en         = chance(rate_a);
    load       = chance(rate_b >> 3);
    load_value = bits(0);
  end
endtask
