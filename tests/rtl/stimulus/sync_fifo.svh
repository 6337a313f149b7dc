// Independent write and read rates, so that it runs full and empty.
task drive;
  begin
    wr_en   = chance(rate_a);
    rd_en   = chance(rate_b);
    wr_data = bits(0);
  end
endtask
