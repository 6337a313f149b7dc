// Reference model of a Gray-code counter: load wins over counting, wrap marks the step back to 0; all are registers.
`default_nettype none

module check_gray_counter #(
    parameter WIDTH = 4,
    parameter [2:0] CHECKED = 3'b111    // outputs that are compared, gray first
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             en,
    input  logic             load,
    input  logic [WIDTH-1:0] load_value,
    input  logic [WIDTH-1:0] gray,
    input  logic [WIDTH-1:0] binary,
    input  logic             wrap,
    output logic             fail,
    output logic             seen
);

    logic [WIDTH-1:0] count;
    logic             wrapped;

    assign seen = !rst;
    assign fail = !rst && (
        (CHECKED[0] && gray !== (count ^ (count >> 1)))
        || (CHECKED[1] && binary !== count)
        || (CHECKED[2] && wrap !== wrapped)
    );

    always @(posedge clk) begin
        if (rst) begin
            count   <= {WIDTH{1'b0}};
            wrapped <= 1'b0;
        end else begin
            count   <= load ? load_value : en ? count + 1'b1 : count;
            wrapped <= !load && en && count == {WIDTH{1'b1}};
        end
    end

    initial begin
        count   = {WIDTH{1'b0}};
        wrapped = 1'b0;
    end

endmodule

`default_nettype wire
