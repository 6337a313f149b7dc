// Request lines of an arbiter: a line stays until its grant was seen, and longer where stim_again says so.
// stim_free lets lines fall at will. In reset the lines are plain stimulus.
`default_nettype none

module drive_requests #(
    parameter WIDTH = 4
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             stim_free,
    input  logic [WIDTH-1:0] stim_wish,
    input  logic [WIDTH-1:0] stim_again,
    input  logic [WIDTH-1:0] gnt,
    output logic [WIDTH-1:0] req
);

    logic [WIDTH-1:0] waiting;    // requested in the last cycle and not granted
    logic [WIDTH-1:0] served;     // requested in the last cycle and granted
    logic [WIDTH-1:0] granted;

    genvar line;
    generate
        for (line = 0; line < WIDTH; line = line + 1) begin : g_granted
            assign granted[line] = gnt[line] === 1'b1;
        end
    endgenerate

    assign req = rst || stim_free ? stim_wish : waiting | (served & stim_again) | stim_wish;

    always @(posedge clk) begin
        waiting <= rst ? {WIDTH{1'b0}} : req & ~granted;
        served  <= rst ? {WIDTH{1'b0}} : req & granted;
    end

    initial begin
        waiting = {WIDTH{1'b0}};
        served  = {WIDTH{1'b0}};
    end

endmodule

`default_nettype wire
