// Bug, breaks R6: en = 0 stops the counter but does not rewind it, so the next start begins in mid-period.
// Pulse-width modulator; a new period and duty take effect at the end of a period.
`default_nettype none

module pwm #(
    parameter WIDTH = 8                            // at least 1
) (
    input  logic             clk,
    input  logic             rst_n,
    input  logic             en,
    input  logic [WIDTH-1:0] period,
    input  logic [WIDTH-1:0] duty,
    output logic             pwm_out,
    output logic             period_end
);

    logic [WIDTH-1:0] counter;
    logic [WIDTH-1:0] active_period;
    logic [WIDTH-1:0] active_duty;
    logic             last;

    assign last = counter == active_period;

    always_ff @(posedge clk or negedge rst_n) begin
        if (!rst_n) begin
            counter       <= '0;
            active_period <= '0;
            active_duty   <= '0;
            pwm_out       <= 1'b0;
            period_end    <= 1'b0;
        end else begin
            pwm_out    <= en && (counter < active_duty);
            period_end <= en && last;
            if (!en || last) begin
                counter       <= last ? '0 : counter;
                active_period <= period;
                active_duty   <= duty;
            end else begin
                counter <= counter + 1'b1;
            end
        end
    end

endmodule

`default_nettype wire
