// Reference model of a ring counter, or (TWISTED, which inverts the bit that comes around) of a Johnson counter.
`default_nettype none

module check_ring_counter #(
    parameter WIDTH = 4,                   // at least 2
    parameter [WIDTH-1:0] START = 1,
    parameter LEFT = 1,                    // towards the most significant bit
    parameter TWISTED = 0
) (
    input  logic             clk,
    input  logic             rst,
    input  logic [WIDTH-1:0] state,
    output logic             fail,
    output logic             seen
);

    logic [WIDTH-1:0] expected;
    logic             enters;

    assign enters = (LEFT != 0 ? expected[WIDTH-1] : expected[0]) ^ (TWISTED != 0);
    assign seen   = !rst;
    assign fail   = !rst && state !== expected;

    always @(posedge clk) begin
        if (rst) begin
            expected <= START;
        end else begin
            expected <= LEFT != 0 ? {expected[WIDTH-2:0], enters} : {enters, expected[WIDTH-1:1]};
        end
    end

    initial expected = START;

endmodule

`default_nettype wire
