// Reference model of a counter from 0 to TOP and around, up or (with up at 0) down.
`default_nettype none

module check_counter #(
    parameter WIDTH = 8,
    parameter [WIDTH-1:0] TOP = {WIDTH{1'b1}}
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             en,
    input  logic             up,
    input  logic [WIDTH-1:0] count,
    output logic             fail,
    output logic             seen
);

    logic [WIDTH-1:0] expected;

    assign seen = !rst;
    assign fail = !rst && count !== expected;

    always @(posedge clk) begin
        if (rst) begin
            expected <= {WIDTH{1'b0}};
        end else if (en && up) begin
            expected <= expected == TOP ? {WIDTH{1'b0}} : expected + 1'b1;
        end else if (en) begin
            expected <= expected == {WIDTH{1'b0}} ? TOP : expected - 1'b1;
        end
    end

    initial expected = {WIDTH{1'b0}};

endmodule

`default_nettype wire
