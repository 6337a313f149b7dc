// Reference model of a multiplying accumulator: every enabled cycle adds the product of the operands.
`default_nettype none

module check_multiply_accumulate #(
    parameter WIDTH = 16,                          // of all ports, whatever theirs is
    parameter [WIDTH-1:0] MASK = {WIDTH{1'b1}}    // the bits of the total that count
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             en,
    input  logic [WIDTH-1:0] a,
    input  logic [WIDTH-1:0] b,
    input  logic [WIDTH-1:0] total,
    output logic             fail,
    output logic             seen
);

    logic [WIDTH-1:0] expected;

    assign seen = !rst;
    assign fail = !rst && total !== expected;

    always @(posedge clk) begin
        if (rst) begin
            expected <= {WIDTH{1'b0}};
        end else if (en) begin
            expected <= (expected + a * b) & MASK;
        end
    end

    initial expected = {WIDTH{1'b0}};

endmodule

`default_nettype wire
