// Bug, breaks R3: whether the divisor fits is read off the sign bit of a difference that is one bit too narrow, which is wrong for large divisors.
// Unsigned restoring divider, one quotient bit per cycle.
`default_nettype none

module divider #(
    parameter WIDTH = 8                            // at least 2
) (
    input  logic             clk,
    input  logic             rst_n,
    input  logic             start,
    input  logic [WIDTH-1:0] dividend,
    input  logic [WIDTH-1:0] divisor,
    output logic             busy,
    output logic             done,
    output logic [WIDTH-1:0] quotient,
    output logic [WIDTH-1:0] remainder,
    output logic             div_by_zero
);

    localparam COUNT_WIDTH = $clog2(WIDTH);
    localparam logic [COUNT_WIDTH-1:0] LAST = COUNT_WIDTH'(WIDTH - 1);

    logic [COUNT_WIDTH-1:0] count;
    logic [WIDTH-1:0]       work;                  // dividend bits leave at the top, quotient bits enter below
    logic [WIDTH-1:0]       partial;
    logic [WIDTH-1:0]       divisor_held;
    logic [WIDTH:0]         shifted;
    logic [WIDTH-1:0]       narrow;
    logic                   fits;
    logic [WIDTH-1:0]       next_work;
    logic [WIDTH-1:0]       next_partial;

    assign shifted      = {partial, work[WIDTH-1]};
    assign narrow       = shifted[WIDTH-1:0] - divisor_held;
    assign fits         = !narrow[WIDTH-1];
    assign next_partial = fits ? shifted[WIDTH-1:0] - divisor_held : shifted[WIDTH-1:0];
    assign next_work    = {work[WIDTH-2:0], fits};

    always_ff @(posedge clk or negedge rst_n) begin
        if (!rst_n) begin
            busy         <= 1'b0;
            done         <= 1'b0;
            quotient     <= '0;
            remainder    <= '0;
            div_by_zero  <= 1'b0;
            count        <= '0;
            work         <= '0;
            partial      <= '0;
            divisor_held <= '0;
        end else begin
            done <= 1'b0;
            if (busy) begin
                work    <= next_work;
                partial <= next_partial;
                count   <= count + 1'b1;
                if (count == LAST) begin
                    busy        <= 1'b0;
                    done        <= 1'b1;
                    quotient    <= next_work;
                    remainder   <= next_partial;
                    div_by_zero <= divisor_held == '0;
                end
            end else if (start) begin
                busy         <= 1'b1;
                count        <= '0;
                work         <= dividend;
                partial      <= '0;
                divisor_held <= divisor;
            end
        end
    end

endmodule

`default_nettype wire
