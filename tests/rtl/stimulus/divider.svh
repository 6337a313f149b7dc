// Corner operands that change in every cycle; starts also while a division is under way.
task drive;
  begin
    start    = chance(rate_a);
    dividend = corner(8);
    divisor  = chance(128) ? corner(8) : 1 + below(15);
  end
endtask
