// Short periods, duties around them, changes in mid-period, few stops.
task drive;
  begin
    en = !chance(rate_a >> 5);
    if (chance(rate_b >> 3)) period = chance(240) ? below(12) : bits(0);
    if (chance(rate_c >> 3)) duty   = chance(240) ? below(14) : bits(0);
  end
endtask
