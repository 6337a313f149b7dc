// Accesses held until they are acknowledged (or reset), to a few addresses; strobes without a cycle.
task drive;
  begin
    if (in_reset || !wb_stb_i || !wb_cyc_i || wb_ack_o__was) begin
      wb_stb_i = chance(rate_a);
      wb_cyc_i = wb_stb_i ? chance(240) : chance(128);
      wb_we_i  = chance(rate_b);
      wb_sel_i = bits(0);
      wb_adr_i = {chance(128), 3'b000, chance(128), chance(128)};
      wb_dat_i = bits(0);
    end
  end
endtask
