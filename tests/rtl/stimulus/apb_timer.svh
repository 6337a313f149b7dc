// Legal APB transfers, mostly to mapped registers, with small values so that the timer expires often.
task drive;
  begin
    if (in_reset) begin
      psel    = 0;
      penable = 0;
    end else if (psel && !penable) begin
      penable = 1;
    end else begin
      penable = 0;
      psel    = chance(rate_a >> 1);
      if (psel) begin
        pwrite = chance(128);
        paddr  = chance(240) ? below(5) * 4 : chance(128) ? bits(0) : 32 * below(8) + below(5) * 4;
        case (paddr)
          8'h00: pwdata = chance(200) ? (bits(0) | 1) : bits(0);
          8'h04: pwdata = below(6);
          8'h10: pwdata = chance(224) ? below(3) : bits(0);
          default: pwdata = bits(0);
        endcase
      end
    end
  end
endtask
