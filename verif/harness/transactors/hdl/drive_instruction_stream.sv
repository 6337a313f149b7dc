// Offers RISC-V instructions with their operands; valid and all else stay until ready, or for PATIENCE cycles.
`default_nettype none

module drive_instruction_stream #(
    parameter WIDTH = 32,                // of all operands together
    parameter [15:0] PATIENCE = 16'd60
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             stim_offer,
    input  logic [31:0]      stim_word,
    input  logic [WIDTH-1:0] stim_operands,
    input  logic             ready,
    output logic             valid,
    output logic [31:0]      word,
    output logic [WIDTH-1:0] operands
);

    logic             waiting;    // the last cycle's instruction was not taken
    logic [15:0]      waited;     // cycles for which it was offered
    logic [31:0]      held_word;
    logic [WIDTH-1:0] held_operands;
    logic [15:0]      waits;
    logic [31:0]      legal;

    drive_riscv instruction (
        .raw(1'b0),
        .bits(stim_word),
        .word(legal)
    );

    assign valid    = !rst && (waiting || stim_offer);
    assign word     = waiting ? held_word : legal;
    assign operands = waiting ? held_operands : stim_operands;
    assign waits    = waiting ? waited + 16'd1 : 16'd1;

    always @(posedge clk) begin
        waiting       <= valid && ready !== 1'b1 && waits <= PATIENCE;
        waited        <= waits;
        held_word     <= word;
        held_operands <= operands;
    end

    initial begin
        waiting       = 1'b0;
        waited        = 16'd0;
        held_word     = 32'd0;
        held_operands = {WIDTH{1'b0}};
    end

endmodule

`default_nettype wire
