// Starts operations and holds their operands until they are done: a cycle with done, or the first one without busy,
// or CYCLES after the start; after eight times as many the next may start anyway.
// stim_insist starts again during an operation, stim_moving changes the operands where none begins.
// In reset start and operands are plain stimulus.
`default_nettype none

module drive_operation #(
    parameter WIDTH = 8,               // of all operands together
    parameter [15:0] CYCLES = 16'd16,
    parameter HAS_DONE = 1,
    parameter HAS_BUSY = 0
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             stim_start,
    input  logic             stim_insist,
    input  logic             stim_moving,
    input  logic [WIDTH-1:0] stim_operands,
    input  logic             done,
    input  logic             busy,
    output logic             start,
    output logic [WIDTH-1:0] operands
);

    localparam [19:0] SOON = {4'd0, CYCLES};
    localparam [19:0] LATE = {1'd0, CYCLES, 3'd0};

    logic             running;      // the operation of the last cycle goes on
    logic             was_busy;     // since it began
    logic [19:0]      waited;       // cycles since it began
    logic [WIDTH-1:0] given;
    logic             begins;
    logic             ended;
    logic [19:0]      waits;

    assign begins   = !running && stim_start;
    assign start    = rst ? stim_start : begins || (running && stim_insist);
    assign operands = rst || begins || stim_moving ? stim_operands : given;

    assign waits = begins ? 20'd1 : waited + 20'd1;
    assign ended = HAS_DONE != 0 ? !begins && done === 1'b1
                 : HAS_BUSY != 0 ? !begins && was_busy && busy !== 1'b1
                 : waits >= SOON;

    always @(posedge clk) begin
        running  <= !rst && (running || begins) && !ended && waits < LATE;
        was_busy <= busy === 1'b1 || (!begins && was_busy);
        waited   <= waits;
        if (begins) begin
            given <= stim_operands;
        end
    end

    initial begin
        running  = 1'b0;
        was_busy = 1'b0;
        waited   = 20'd0;
        given    = {WIDTH{1'b0}};
    end

endmodule

`default_nettype wire
