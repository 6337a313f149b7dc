// Reference model of a register slice that holds up to CAPACITY beats: both handshakes and the payload in every cycle.
// A beat that enters an empty buffer is offered in the next cycle; the buffer is ready while it holds fewer than it can.
`default_nettype none

module check_skid_buffer #(
    parameter WIDTH = 8,                  // of the payload, all ports side by side
    parameter CAPACITY = 2,
    parameter ADDRESS_WIDTH = 1,          // 2**ADDRESS_WIDTH is at least CAPACITY
    parameter READY_AFTER_RESET = 1
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             in_valid,
    input  logic [WIDTH-1:0] in_payload,
    input  logic             out_ready,
    input  logic             in_ready,
    input  logic             out_valid,
    input  logic [WIDTH-1:0] out_payload,
    output logic             fail,
    output logic             seen
);

    localparam [31:0] MOST = CAPACITY;

    logic [WIDTH-1:0]         beats [0:(1 << ADDRESS_WIDTH) - 1];
    logic [ADDRESS_WIDTH-1:0] oldest;
    logic [ADDRESS_WIDTH-1:0] newest;
    logic [31:0]              stored;
    logic [31:0]              stored_next;
    logic                     is_ready;
    logic                     offers;
    logic                     takes;
    logic                     gives;

    assign offers      = stored != 32'd0;
    assign takes       = is_ready && in_valid;
    assign gives       = offers && out_ready;
    assign stored_next = stored + {31'd0, takes} - {31'd0, gives};
    assign seen        = !rst;
    assign fail        = !rst
        && (in_ready !== is_ready || out_valid !== offers || (offers && out_payload !== beats[oldest]));

    always @(posedge clk) begin
        if (takes) begin
            beats[newest] <= in_payload;
        end
        if (rst) begin
            oldest   <= {ADDRESS_WIDTH{1'b0}};
            newest   <= {ADDRESS_WIDTH{1'b0}};
            stored   <= 32'd0;
            is_ready <= READY_AFTER_RESET != 0;
        end else begin
            newest   <= takes ? newest + 1'b1 : newest;
            oldest   <= gives ? oldest + 1'b1 : oldest;
            stored   <= stored_next;
            is_ready <= stored_next < MOST;
        end
    end

    initial begin
        oldest   = {ADDRESS_WIDTH{1'b0}};
        newest   = {ADDRESS_WIDTH{1'b0}};
        stored   = 32'd0;
        is_ready = READY_AFTER_RESET != 0;
    end

endmodule

`default_nettype wire
