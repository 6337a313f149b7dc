// Source of a valid/ready channel: a beat that was offered stays, with its payload, until it is taken.
// A new beat is stim_payload; where nothing is offered the payload lines carry stim_payload too.
`default_nettype none

module drive_stream #(
    parameter WIDTH = 8    // of all payload signals together
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             stim_offer,
    input  logic [WIDTH-1:0] stim_payload,
    input  logic             ready,
    output logic             valid,
    output logic [WIDTH-1:0] payload
);

    logic             waiting;    // the last cycle's beat was not taken
    logic [WIDTH-1:0] beat;

    assign valid   = !rst && (waiting || stim_offer);
    assign payload = waiting ? beat : stim_payload;

    always @(posedge clk) begin
        waiting <= valid && ready !== 1'b1;
        beat    <= payload;
    end

    initial begin
        waiting = 1'b0;
        beat    = {WIDTH{1'b0}};
    end

endmodule

`default_nettype wire
