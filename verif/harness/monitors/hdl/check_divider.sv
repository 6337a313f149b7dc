// Reference model of a divider with a fixed latency: busy, done and the results in every cycle.
// busy is 1 in the LATENCY - 1 cycles after a start, done in the next one, from which on the results stand.
// Division by 0 gives all ones and the dividend.
`default_nettype none

module check_divider #(
    parameter WIDTH = 8,
    parameter LATENCY = 9,
    parameter [4:0] CHECKED = 5'h1f     // outputs that are compared, busy first
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             start,
    input  logic [WIDTH-1:0] dividend,
    input  logic [WIDTH-1:0] divisor,
    input  logic             busy,
    input  logic             done,
    input  logic [WIDTH-1:0] quotient,
    input  logic [WIDTH-1:0] remainder,
    input  logic             div_by_zero,
    output logic             fail,
    output logic             seen
);

    localparam [31:0] WAIT = LATENCY - 1;

    logic [31:0]      left;
    logic             finished;
    logic             zero;
    logic [WIDTH-1:0] quotient_now, quotient_coming, quotient_made;
    logic [WIDTH-1:0] remainder_now, remainder_coming, remainder_made;
    logic             zero_now, zero_coming;

    assign zero           = divisor == {WIDTH{1'b0}};
    assign quotient_made  = zero ? {WIDTH{1'b1}} : dividend / divisor;
    assign remainder_made = zero ? dividend : dividend % divisor;

    assign seen = !rst;
    assign fail = !rst && (
        (CHECKED[0] && busy !== (left != 32'd0))
        || (CHECKED[1] && done !== finished)
        || (CHECKED[2] && quotient !== quotient_now)
        || (CHECKED[3] && remainder !== remainder_now)
        || (CHECKED[4] && div_by_zero !== zero_now)
    );

    always @(posedge clk) begin
        if (rst) begin
            left          <= 32'd0;
            finished      <= 1'b0;
            quotient_now  <= {WIDTH{1'b0}};
            remainder_now <= {WIDTH{1'b0}};
            zero_now      <= 1'b0;
        end else begin
            finished <= left == 32'd1;
            if (left == 32'd1) begin
                quotient_now  <= quotient_coming;
                remainder_now <= remainder_coming;
                zero_now      <= zero_coming;
            end
            if (left != 32'd0) begin
                left <= left - 32'd1;
            end else if (start) begin
                left             <= WAIT;
                quotient_coming  <= quotient_made;
                remainder_coming <= remainder_made;
                zero_coming      <= zero;
            end
        end
    end

    initial begin
        left          = 32'd0;
        finished      = 1'b0;
        quotient_now  = {WIDTH{1'b0}};
        remainder_now = {WIDTH{1'b0}};
        zero_now      = 1'b0;
    end

endmodule

`default_nettype wire
