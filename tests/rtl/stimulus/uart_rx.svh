// Frames with and without gaps, some with wrong parity or stop bit, some off in time; dips and breaks.
integer left, bit_left, bit_time, gap;
reg [10:0] frame;
reg [7:0] word;
initial begin left = 0; bit_left = 0; gap = 3; bit_time = 8; frame = 0; end
task drive;
  begin
    if (gap > 0) begin
      gap = gap - 1;
      rx  = 1;
    end else if (left == 0) begin
      word     = bits(0);
      frame    = {1'b1, ^word, word, 1'b0};
      left     = 11;
      bit_time = 8;
      if (chance(32)) frame[9] = !frame[9];
      if (chance(32)) frame[10] = 0;
      if (chance(16)) frame = 0;
      if (chance(32)) begin frame = 0; left = 1; bit_time = 1 + below(6); end
      if (chance(16)) begin frame = 0; left = 11; bit_time = 30; end
      bit_left = bit_time;
    end
    if (left > 0) begin
      rx       = frame[0];
      bit_left = bit_left - 1;
      if (bit_left == 0) begin
        left     = left - 1;
        frame    = {1'b1, frame[10:1]};
        bit_left = (bit_time == 8 && chance(rate_b >> 3)) ? 7 + below(3) : bit_time;
        if (left == 0) gap = chance(rate_a) ? 0 : below(40);
      end
    end
  end
endtask
