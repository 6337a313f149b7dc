// Source of a valid/ready channel with packets: a beat that was offered stays, with its payload, until it is taken.
// A packet keeps its tag; only its last beat leaves out bytes, and then those above the highest bit of stim_keep.
`default_nettype none

module drive_packets #(
    parameter WIDTH = 8,        // of all plain payload signals together
    parameter KEEP_WIDTH = 1,
    parameter TAG_WIDTH = 1     // of id and dest together
) (
    input  logic                  clk,
    input  logic                  rst,
    input  logic                  stim_offer,
    input  logic                  stim_last,
    input  logic [WIDTH-1:0]      stim_payload,
    input  logic [KEEP_WIDTH-1:0] stim_keep,
    input  logic [TAG_WIDTH-1:0]  stim_tag,
    input  logic                  ready,
    output logic                  valid,
    output logic                  last,
    output logic [WIDTH-1:0]      payload,
    output logic [KEEP_WIDTH-1:0] keep,
    output logic [TAG_WIDTH-1:0]  tag
);

    logic                  waiting;      // the last cycle's beat was not taken
    logic                  in_packet;    // a packet has begun and not ended
    logic                  taken;
    logic [WIDTH-1:0]      beat;
    logic [KEEP_WIDTH-1:0] beat_keep;
    logic                  beat_last;
    logic [TAG_WIDTH-1:0]  packet_tag;
    logic [KEEP_WIDTH-1:0] filled;

    genvar place;
    generate
        for (place = 0; place < KEEP_WIDTH; place = place + 1) begin : g_filled
            assign filled[place] = place == 0 || |(stim_keep >> place);
        end
    endgenerate

    assign valid   = !rst && (waiting || stim_offer);
    assign last    = valid && (waiting ? beat_last : stim_last);
    assign payload = waiting ? beat : stim_payload;
    assign tag     = waiting || in_packet ? packet_tag : stim_tag;
    assign keep    = waiting ? beat_keep : stim_last ? filled : {KEEP_WIDTH{1'b1}};
    assign taken   = valid && ready === 1'b1;

    always @(posedge clk) begin
        waiting    <= valid && !taken;
        in_packet  <= !rst && (taken ? !last : in_packet);
        beat       <= payload;
        beat_keep  <= keep;
        beat_last  <= last;
        packet_tag <= tag;
    end

    initial begin
        waiting    = 1'b0;
        in_packet  = 1'b0;
        beat       = {WIDTH{1'b0}};
        beat_keep  = {KEEP_WIDTH{1'b0}};
        beat_last  = 1'b0;
        packet_tag = {TAG_WIDTH{1'b0}};
    end

endmodule

`default_nettype wire
