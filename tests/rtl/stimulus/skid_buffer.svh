// A source that holds its offer until it is taken, and a sink of any rate.
task drive;
  begin
    if (in_reset) begin
      s_axis_tvalid = 0;
    end else if (!s_axis_tvalid || s_axis_tready__was) begin
      s_axis_tvalid = chance(rate_a);
      s_axis_tdata  = bits(0);
      s_axis_tlast  = chance(96);
    end
    m_axis_tready = chance(rate_b);
  end
endtask
