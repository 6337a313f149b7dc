// Bits that mean something for one cycle: after a 1 comes a 0, each bit on its own.
`default_nettype none

module drive_pulses #(
    parameter WIDTH = 1
) (
    input  logic             clk,
    input  logic             rst,
    input  logic [WIDTH-1:0] stim_pulses,
    output logic [WIDTH-1:0] pulses
);

    logic [WIDTH-1:0] were;

    assign pulses = rst ? {WIDTH{1'b0}} : stim_pulses & ~were;

    always @(posedge clk) begin
        were <= pulses;
    end

    initial begin
        were = {WIDTH{1'b0}};
    end

endmodule

`default_nettype wire
