// Round-robin arbiter: combinational grant, registered priority.
`default_nettype none

module arbiter #(
    parameter N = 4                                // requesters, at least 2
) (
    input  logic         clk,
    input  logic         rst_n,
    input  logic         en,
    input  logic [N-1:0] req,
    output logic [N-1:0] gnt,
    output logic         gnt_valid
);

    logic [N-1:0] mask;                            // 1 at the requesters behind the last winner
    logic [N-1:0] masked_req;
    logic [N-1:0] first_masked;
    logic [N-1:0] first_any;

    // x & -x keeps the lowest set bit.
    assign masked_req   = req & mask;
    assign first_masked = masked_req & (~masked_req + 1'b1);
    assign first_any    = req & (~req + 1'b1);

    assign gnt_valid = en && (req != '0);
    assign gnt       = !en ? '0 : (masked_req != '0) ? first_masked : first_any;

    always_ff @(posedge clk or negedge rst_n) begin
        if (!rst_n) begin
            mask <= '1;
        end else if (gnt_valid) begin
            mask <= ~((gnt - 1'b1) | gnt);
        end
    end

endmodule

`default_nettype wire
