package kinds;
  typedef enum logic [2:0] {IDLE = 3'd1, RUN = 3'd2, STOP = 3'd4} phase_t;
  function automatic logic odd(input logic [3:0] v);
    if (v[0]) return 1'b1; else return 1'b0;
  endfunction
endpackage
module counts #(parameter int W = 4, parameter int KIND = 0) (input logic clk, input logic rst_n, input logic en, output logic [W-1:0] q);
  case (KIND)
    0: always_ff @(posedge clk or negedge rst_n) if (!rst_n) q <= '0; else if (en) q <= q + 1'b1;
    1: begin
      always_ff @(posedge clk or negedge rst_n) if (~rst_n) q <= '1; else begin if (en) q <= q - 1'b1; end
    end
    default: begin
      assign q = '0;
    end
  endcase
endmodule : counts
module odd import kinds::*; (
  input  logic       clk, rst_n,
  input  logic [3:0] a, b,
  input  logic       en,
  output logic [3:0] y, z,
  output phase_t     phase,
  output logic [7:0] w
);
  logic [3:0] c0, c1, c2;
  counts #(.KIND(0)) k0 (.clk, .rst_n, .en, .q(c0));
  counts #(.KIND(1)) k1 (.clk, .rst_n, .en(en & a[0]), .q(c1));
  counts #(.KIND(2)) k2 (.*, .q(c2));
  always_comb begin : work
    automatic int n = 0;
    logic [3:0] t;
    localparam int LIMIT = 9;
    t = a;
    y = '0; z = '0;
    while (t != 0) begin
      if (t[0]) n++;
      t = t >> 1;
    end
    repeat (2) if (b[n[1:0]]) y++;
    foreach (t[i]) begin : each if (a[i] ^ b[i]) y[i] = 1'b1; end
    case (a) inside
      [0:3]: z = 4'd1;
      4, 5, 6: begin z = 4'd2; end
      4'b1??1: z = 4'd3;
      default: ;
    endcase
    lab: if (odd(b)) z = 4'd7;
    for (int i = 0; i < 4; i++) begin
      if (a == LIMIT) break;
      if (!b[i]) continue;
      z = z ^ 4'(i);
    end
    if (a == 4'd15) begin end else if (b == 4'd15) ; else if (a == b) begin : inner z = 4'd0; end
    unique0 if (a == 1) z = 1; else if (a == 2) z = 2;
  end
  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      phase <= IDLE;
      for (int i = 0; i < 8; i++) w[i] <= 1'b0;
    end else begin
      casex ({en, a[1:0]})
        3'b0xx: w <= w << 1;
        3'b1x1: if (b[0]) w <= w + 8'd1;
                else if (b[1]) w <= w + 8'd2;
                else begin w <= 8'd0; end
        default: w[0] <= ~w[0];
      endcase
      (* keep *) unique case (phase)
        IDLE: if (en) phase <= RUN;
        RUN: begin if (c0 == 3) phase <= STOP; else if (c1[1]) phase <= IDLE; end
        STOP: phase <= kinds::IDLE;
      endcase
    end
  end
  reg clocked_later;
  always @(posedge clk) begin clocked_later = en; if (clocked_later) ; end
  always_ff @(negedge clk iff en) if (b[2]) ; else ;
endmodule : odd
