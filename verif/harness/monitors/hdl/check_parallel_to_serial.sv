// Reference model of a free-running parallel-to-serial converter: every WIDTH cycles a word is taken and sent, most
// significant bit first; valid_out marks its first bit. The first word is taken at edge WIDTH after reset.
`default_nettype none

module check_parallel_to_serial #(
    parameter WIDTH = 8                   // at least 2
) (
    input  logic             clk,
    input  logic             rst,
    input  logic [WIDTH-1:0] d,
    input  logic             valid_out,
    input  logic             dout,
    output logic             fail,
    output logic             seen
);

    localparam [31:0] LAST = WIDTH - 1;

    logic [31:0]      count;
    logic [WIDTH-1:0] word;       // this bit highest
    logic             sends;

    assign seen = !rst && sends;
    assign fail = !rst && (valid_out !== (sends && count == 32'd0) || (sends && dout !== word[WIDTH-1]));

    always @(posedge clk) begin
        word <= count == LAST ? d : word << 1;
        if (rst) begin
            count <= 32'd0;
            sends <= 1'b0;
        end else begin
            count <= count == LAST ? 32'd0 : count + 32'd1;
            sends <= sends || count == LAST;
        end
    end

    initial begin
        count = 32'd0;
        sends = 1'b0;
    end

endmodule

`default_nettype wire
