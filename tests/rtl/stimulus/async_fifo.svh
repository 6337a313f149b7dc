// Independent write and read rates; no request in reset.
task drive;
  begin
    wr_en   = !in_reset && chance(rate_a);
    rd_en   = !in_reset && chance(rate_b);
    wr_data = bits(0);
  end
endtask
