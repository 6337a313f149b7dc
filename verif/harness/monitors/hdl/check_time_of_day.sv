// Reference model of a clock that counts seconds, minutes and hours: one second passes per cycle, from 00:00:00 on.
`default_nettype none

module check_time_of_day (
    input  logic             clk,
    input  logic             rst,
    input  logic [31:0] hours,
    input  logic [31:0] minutes,
    input  logic [31:0] seconds,
    output logic             fail,
    output logic             seen
);

    logic [31:0] hour;
    logic [31:0] minute;
    logic [31:0] second;

    assign seen = !rst;
    assign fail = !rst && (hours !== hour || minutes !== minute || seconds !== second);

    always @(posedge clk) begin
        if (rst) begin
            hour   <= 32'd0;
            minute <= 32'd0;
            second <= 32'd0;
        end else begin
            second <= second == 32'd59 ? 32'd0 : second + 32'd1;
            if (second == 32'd59) begin
                minute <= minute == 32'd59 ? 32'd0 : minute + 32'd1;
            end
            if (second == 32'd59 && minute == 32'd59) begin
                hour <= hour == 32'd23 ? 32'd0 : hour + 32'd1;
            end
        end
    end

    initial begin
        hour   = 32'd0;
        minute = 32'd0;
        second = 32'd0;
    end

endmodule

`default_nettype wire
