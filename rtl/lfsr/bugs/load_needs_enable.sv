// Bug, breaks R2: load acts only together with en.
// 16-bit Fibonacci LFSR of maximal length with seed load.
`default_nettype none

module lfsr #(
    parameter logic [15:0] RESET_SEED = 16'hACE1   // not zero
) (
    input  logic        clk,
    input  logic        rst_n,
    input  logic        en,
    input  logic        load,
    input  logic [15:0] seed,
    output logic [15:0] state,
    output logic        bit_out
);

    localparam logic [15:0] TAPS = 16'hD008;       // stages 16, 15, 13 and 4

    logic feedback;

    assign feedback = ^(state & TAPS);
    assign bit_out  = state[15];

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            state <= RESET_SEED;
        end else if (load && en) begin
            state <= (seed == '0) ? RESET_SEED : seed;
        end else if (en && !load) begin
            state <= {state[14:0], feedback};
        end
    end

endmodule

`default_nettype wire
