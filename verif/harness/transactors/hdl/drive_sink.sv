// Sink of a valid/ready channel; with stim_wait, ready rises only after valid was seen, for one cycle.
`default_nettype none

module drive_sink (
    input  logic clk,
    input  logic rst,
    input  logic stim_accept,
    input  logic stim_wait,
    input  logic valid,
    output logic ready
);

    logic asked;    // valid was 1 in the last cycle, and ready was 0

    assign ready = !rst && stim_accept && (asked || !stim_wait);

    always @(posedge clk) begin
        asked <= valid === 1'b1 && !ready;
    end

    initial begin
        asked = 1'b0;
    end

endmodule

`default_nettype wire
