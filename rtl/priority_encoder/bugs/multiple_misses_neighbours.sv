// Bug, breaks R4: multiple is 0 when exactly the two highest lines are 1.
// Combinational priority encoder: number and one-hot form of the highest line that is set.
`default_nettype none

module priority_encoder #(
    parameter WIDTH = 8,                           // lines, at least 2
    parameter INDEX_WIDTH = $clog2(WIDTH)
) (
    input  logic                   enable,
    input  logic [WIDTH-1:0]       lines,
    output logic [INDEX_WIDTH-1:0] index,
    output logic [WIDTH-1:0]       onehot,
    output logic                   valid,
    output logic                   multiple
);

    logic [WIDTH-1:0] others;

    always_comb begin
        index  = '0;
        onehot = '0;
        for (int i = 0; i < WIDTH; i++) begin
            if (enable && lines[i]) begin
                index  = INDEX_WIDTH'($unsigned(i));
                onehot = {{(WIDTH-1){1'b0}}, 1'b1} << i;
            end
        end
    end

    assign others   = lines & ~onehot;
    assign valid    = enable && (lines != '0);
    assign multiple = enable && (others != '0) && !((&lines[WIDTH-1:WIDTH-2]) && (lines[WIDTH-3:0] == '0));

endmodule

`default_nettype wire
