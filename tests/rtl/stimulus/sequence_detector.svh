// Random bits, and bits that repeat 101, with gaps.
integer place;
initial place = 0;
task drive;
  begin
    din_valid = chance(rate_a);
    din       = chance(rate_b) ? (place != 1) : bits(0);
    if (din_valid) place = (place + 1) % 3;
  end
endtask
