// Reference model of a divider of the clock's frequency: outputs that are 0 after reset and toggle every so many cycles.
`default_nettype none

module check_frequency_divider #(
    parameter COUNT = 1,                            // outputs
    parameter [32*COUNT-1:0] HALF_PERIODS = 1      // in cycles, of the lowest output lowest
) (
    input  logic             clk,
    input  logic             rst,
    input  logic [COUNT-1:0] outputs,
    output logic             fail,
    output logic             seen
);

    logic [COUNT-1:0]    levels;
    logic [32*COUNT-1:0] cycles;
    integer              place;

    assign seen = !rst;
    assign fail = !rst && outputs !== levels;

    always @(posedge clk) begin
        for (place = 0; place < COUNT; place = place + 1) begin
            if (rst) begin
                levels[place]        <= 1'b0;
                cycles[32*place+:32] <= 32'd0;
            end else if (cycles[32*place+:32] == HALF_PERIODS[32*place+:32] - 32'd1) begin
                levels[place]        <= !levels[place];
                cycles[32*place+:32] <= 32'd0;
            end else begin
                cycles[32*place+:32] <= cycles[32*place+:32] + 32'd1;
            end
        end
    end

    initial begin
        levels = {COUNT{1'b0}};
        cycles = {COUNT{32'd0}};
    end

endmodule

`default_nettype wire
