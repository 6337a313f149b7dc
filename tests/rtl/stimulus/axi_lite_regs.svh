// Independent channels that hold their offers; few events; mostly mapped addresses.
task drive;
  begin
    status_in = bits(0);
    event_in  = chance(rate_a >> 2) ? 1 << below(8) : 0;
    if (in_reset) begin
      s_axil_awvalid = 0;
      s_axil_wvalid  = 0;
      s_axil_arvalid = 0;
    end else begin
      if (!s_axil_awvalid || s_axil_awready__was) begin
        s_axil_awvalid = chance(rate_a);
        s_axil_awaddr  = chance(224) ? below(6) * 4 : bits(0);
        s_axil_awprot  = bits(0);
      end
      if (!s_axil_wvalid || s_axil_wready__was) begin
        s_axil_wvalid = chance(rate_b);
        s_axil_wdata  = bits(0);
        s_axil_wstrb  = bits(0);
      end
      if (!s_axil_arvalid || s_axil_arready__was) begin
        s_axil_arvalid = chance(200);
        s_axil_araddr  = chance(224) ? below(6) * 4 : bits(0);
        s_axil_arprot  = bits(0);
      end
    end
    s_axil_bready = chance(rate_c);
    s_axil_rready = chance(rate_c);
  end
endtask
