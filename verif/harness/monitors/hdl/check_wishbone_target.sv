// Acknowledge, error and retry come only while the bus cycle and its strobe are 1, and one at a time.
// Wishbone B4, rules 3.35, 3.45 and 3.50. A target that is MAYBE_PIPELINED may answer in the cycle after a strobe too.
`default_nettype none

module check_wishbone_target #(
    parameter REQUESTS = 2,    // cycle and strobe
    parameter ANSWERS = 1,     // acknowledge, error, retry
    parameter MAYBE_PIPELINED = 0
) (
    input  logic                clk,
    input  logic                rst,
    input  logic [REQUESTS-1:0] request,
    input  logic [ANSWERS-1:0]  answers,
    output logic                fail,
    output logic                seen
);

    logic [ANSWERS-1:0] given;
    logic               asked;
    logic               asked_before;
    logic               excused;
    logic               several;

    genvar index;
    generate
        for (index = 0; index < ANSWERS; index = index + 1) begin : g_given
            assign given[index] = answers[index] === 1'b1;
        end
    endgenerate

    assign asked   = (&request) === 1'b1;
    assign excused = MAYBE_PIPELINED != 0 && asked_before;
    assign several = |(given & (given - 1'b1));
    assign seen    = !rst && |given;
    assign fail    = !rst && ((|given && !asked && !excused) || several);

    always @(posedge clk) begin
        asked_before <= !rst && asked;
    end

    initial asked_before = 1'b0;

endmodule

`default_nettype wire
