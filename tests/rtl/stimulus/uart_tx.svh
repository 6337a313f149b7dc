// Words held until they are taken; the data changes at once afterwards.
task drive;
  begin
    if (in_reset || !valid || ready__was) begin
      valid = !in_reset && chance(rate_a);
      data  = bits(0);
    end
  end
endtask
