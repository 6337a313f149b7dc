// Messages of bytes with gaps; clear comes alone and together with a first byte.
task drive;
  begin
    data_valid = chance(rate_a);
    clear      = chance(rate_b >> 4);
    data       = bits(0);
  end
endtask
