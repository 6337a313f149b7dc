// Each valid_out brings the result of the next GROUP inputs that were taken, none invented, however long it takes.
// What an input makes: its sum with the others (OPERATION 0, GROUP 1: itself), a + b (1), a * b (2), all side by side,
// the first highest (3). Where more than 2**ADDRESS_WIDTH results are due at once nothing is judged until the next reset.
`default_nettype none

module check_results_in_order #(
    parameter OPERATION = 0,
    parameter GROUP = 1,                         // inputs of a result, at most 65535
    parameter WIDTH = 1,                         // of operands and result, whatever theirs is
    parameter [WIDTH-1:0] MASK = {WIDTH{1'b1}},  // the bits of a result that count
    parameter OPERAND_WIDTH = 1,                 // bits that an operand takes side by side
    parameter REGISTERED = 1,                    // 0: a result may come in the cycle of its last input
    parameter ADDRESS_WIDTH = 8
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             valid_in,
    input  logic             ready_in,
    input  logic [WIDTH-1:0] a,
    input  logic [WIDTH-1:0] b,
    input  logic             valid_out,
    input  logic             ready_out,
    input  logic [WIDTH-1:0] result,
    output logic             fail,
    output logic             seen
);

    localparam [15:0] LAST = GROUP[15:0] - 16'd1;

    logic [WIDTH-1:0]       due [0:(1 << ADDRESS_WIDTH) - 1];
    logic [ADDRESS_WIDTH:0] first;      // of the results that are due
    logic [ADDRESS_WIDTH:0] next;
    logic [ADDRESS_WIDTH:0] waiting;
    logic                   lost;
    logic [WIDTH-1:0]       made;       // of the inputs of a group that were taken before
    logic [15:0]            taken;
    logic [WIDTH-1:0]       makes;
    logic                   takes;
    logic                   completes;
    logic                   gives;
    logic                   available;
    logic                   pushes;
    logic                   pops;
    logic [WIDTH-1:0]       expected;
    logic                   known;

    assign takes     = valid_in === 1'b1 && ready_in === 1'b1;
    assign completes = takes && taken == LAST;
    assign gives     = valid_out === 1'b1 && ready_out === 1'b1;
    assign waiting   = next - first;
    assign available = waiting != {(ADDRESS_WIDTH + 1){1'b0}} || (REGISTERED == 0 && completes);
    assign pops      = gives && waiting != {(ADDRESS_WIDTH + 1){1'b0}};
    assign pushes    = completes && !(gives && REGISTERED == 0 && !pops);
    assign expected  = waiting != {(ADDRESS_WIDTH + 1){1'b0}} ? due[first[ADDRESS_WIDTH-1:0]] : makes & MASK;
    assign seen      = !rst && !lost && gives && available;
    assign fail      = !rst && !lost && gives && (!available || (known && result !== expected));

`ifdef __ICARUS__
    assign known = ^expected !== 1'bx;
`else
    assign known = 1'b1;
`endif

    generate
        if (OPERATION == 1) begin : g_add
            assign makes = taken == 16'd0 ? a + b : made;
        end else if (OPERATION == 2) begin : g_multiply
            assign makes = taken == 16'd0 ? a * b : made;
        end else if (OPERATION == 3) begin : g_pack
            wire unused  = ^b;
            assign makes = taken == 16'd0 ? a : made << OPERAND_WIDTH | a;
        end else begin : g_sum
            wire unused  = ^b;
            assign makes = taken == 16'd0 ? a : made + a;
        end
    endgenerate

    always @(posedge clk) begin
        if (pushes) begin
            due[next[ADDRESS_WIDTH-1:0]] <= makes & MASK;
        end
        if (takes) begin
            made <= makes;
        end
        if (rst) begin
            first <= {(ADDRESS_WIDTH + 1){1'b0}};
            next  <= {(ADDRESS_WIDTH + 1){1'b0}};
            taken <= 16'd0;
            lost  <= 1'b0;
        end else begin
            first <= first + {{ADDRESS_WIDTH{1'b0}}, pops};
            next  <= next + {{ADDRESS_WIDTH{1'b0}}, pushes};
            taken <= !takes ? taken : completes ? 16'd0 : taken + 16'd1;
            lost  <= lost || (pushes && !pops && waiting[ADDRESS_WIDTH]);
        end
    end

    initial begin
        first = {(ADDRESS_WIDTH + 1){1'b0}};
        next  = {(ADDRESS_WIDTH + 1){1'b0}};
        taken = 16'd0;
        lost  = 1'b0;
    end

endmodule

`default_nettype wire
