// Reference model of a pulse-width modulator: a period lasts period + 1 cycles and begins with duty cycles of 1.
// Both settings are taken over at the end of a period, and while en is 0, which also rewinds. Outputs are registers.
`default_nettype none

module check_pwm #(
    parameter WIDTH = 8,                // of period and duty, whatever theirs is
    parameter [1:0] CHECKED = 2'b11     // outputs that are compared, pwm_out first
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             en,
    input  logic [WIDTH-1:0] period,
    input  logic [WIDTH-1:0] duty,
    input  logic             pwm_out,
    input  logic             period_end,
    output logic             fail,
    output logic             seen
);

    logic [WIDTH-1:0] count;
    logic [WIDTH-1:0] period_now;
    logic [WIDTH-1:0] duty_now;
    logic             pulse;
    logic             ended;
    logic             last;

    assign last  = count == period_now;

    assign seen = !rst;
    assign fail = !rst && (
        (CHECKED[0] && pwm_out !== pulse)
        || (CHECKED[1] && period_end !== ended)
    );

    always @(posedge clk) begin
        if (rst) begin
            count      <= {WIDTH{1'b0}};
            period_now <= {WIDTH{1'b0}};
            duty_now   <= {WIDTH{1'b0}};
            pulse      <= 1'b0;
            ended      <= 1'b0;
        end else begin
            pulse <= en && count < duty_now;
            ended <= en && last;
            if (last || !en) begin
                count      <= {WIDTH{1'b0}};
                period_now <= period;
                duty_now   <= duty;
            end else begin
                count <= count + 1'b1;
            end
        end
    end

    initial begin
        count      = {WIDTH{1'b0}};
        period_now = {WIDTH{1'b0}};
        duty_now   = {WIDTH{1'b0}};
        pulse      = 1'b0;
        ended      = 1'b0;
    end

endmodule

`default_nettype wire
