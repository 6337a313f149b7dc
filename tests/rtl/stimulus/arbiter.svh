// Requests that last, come and go; few disabled cycles.
task drive;
  begin
    en = !chance(rate_a >> 3);
    if (chance(rate_b)) req = bits(0);
    if (chance(16)) req = 4'b1111;
  end
endtask
