// Long runs of shifting, rare loads of random and of extreme seeds.
task drive;
  begin
    en   = chance(rate_a);
    load = chance(rate_b >> 4);
    seed = corner(16);
  end
endtask
