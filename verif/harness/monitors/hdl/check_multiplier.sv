// Reference model of an unsigned multiplier: the product of the operands of LATENCY cycles before, 0 after reset.
`default_nettype none

module check_multiplier #(
    parameter WIDTH = 16,                          // of all ports, whatever theirs is
    parameter [WIDTH-1:0] MASK = {WIDTH{1'b1}},    // the bits of a product that count
    parameter LATENCY = 1                         // at least 1
) (
    input  logic             clk,
    input  logic             rst,
    input  logic [WIDTH-1:0] a,
    input  logic [WIDTH-1:0] b,
    input  logic [WIDTH-1:0] product,
    output logic             fail,
    output logic             seen
);

    logic [WIDTH-1:0] stages [0:LATENCY-1];
    integer           place;

    assign seen = !rst;
    assign fail = !rst && product !== stages[LATENCY-1];

    always @(posedge clk) begin
        stages[0] <= rst ? {WIDTH{1'b0}} : (a * b) & MASK;
        for (place = 1; place < LATENCY; place = place + 1) begin
            stages[place] <= rst ? {WIDTH{1'b0}} : stages[place-1];
        end
    end

    initial begin
        for (place = 0; place < LATENCY; place = place + 1) begin
            stages[place] = {WIDTH{1'b0}};
        end
    end

endmodule

`default_nettype wire
