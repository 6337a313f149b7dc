// Bug, breaks R2: the borrow of SUB is also 1 when both operands are equal.
// Combinational arithmetic logic unit with flags.
`default_nettype none

module alu #(
    parameter WIDTH = 8                            // a power of two, at least 4
) (
    input  logic [3:0]       op,
    input  logic [WIDTH-1:0] a,
    input  logic [WIDTH-1:0] b,
    output logic [WIDTH-1:0] y,
    output logic             zero,
    output logic             negative,
    output logic             carry,
    output logic             overflow
);

    localparam SHIFT_WIDTH = $clog2(WIDTH);

    localparam logic [3:0] OP_ADD  = 4'h0;
    localparam logic [3:0] OP_SUB  = 4'h1;
    localparam logic [3:0] OP_AND  = 4'h2;
    localparam logic [3:0] OP_OR   = 4'h3;
    localparam logic [3:0] OP_XOR  = 4'h4;
    localparam logic [3:0] OP_NOR  = 4'h5;
    localparam logic [3:0] OP_SLL  = 4'h6;
    localparam logic [3:0] OP_SRL  = 4'h7;
    localparam logic [3:0] OP_SRA  = 4'h8;
    localparam logic [3:0] OP_SLT  = 4'h9;
    localparam logic [3:0] OP_SLTU = 4'hA;

    logic [WIDTH:0]         sum;
    logic [WIDTH:0]         difference;
    logic                   add_overflow;
    logic                   sub_overflow;
    logic                   less_signed;
    logic                   less_unsigned;
    logic [SHIFT_WIDTH-1:0] amount;
    logic [WIDTH-1:0]       fill;

    assign sum           = {1'b0, a} + {1'b0, b};
    assign difference    = {1'b0, a} - {1'b0, b};
    assign add_overflow  = (a[WIDTH-1] == b[WIDTH-1]) && (sum[WIDTH-1] != a[WIDTH-1]);
    assign sub_overflow  = (a[WIDTH-1] != b[WIDTH-1]) && (difference[WIDTH-1] != a[WIDTH-1]);
    assign less_signed   = difference[WIDTH-1] ^ sub_overflow;
    assign less_unsigned = difference[WIDTH];
    assign amount        = b[SHIFT_WIDTH-1:0];
    assign fill          = a[WIDTH-1] ? ~({WIDTH{1'b1}} >> amount) : '0;

    always_comb begin
        y        = '0;
        carry    = 1'b0;
        overflow = 1'b0;
        case (op)
            OP_ADD: begin
                {carry, y} = sum;
                overflow   = add_overflow;
            end
            OP_SUB: begin
                {carry, y} = difference;
                carry      = a <= b;
                overflow   = sub_overflow;
            end
            OP_AND:  y = a & b;
            OP_OR:   y = a | b;
            OP_XOR:  y = a ^ b;
            OP_NOR:  y = ~(a | b);
            OP_SLL:  y = a << amount;
            OP_SRL:  y = a >> amount;
            OP_SRA:  y = (a >> amount) | fill;
            OP_SLT:  y = {{(WIDTH-1){1'b0}}, less_signed};
            OP_SLTU: y = {{(WIDTH-1){1'b0}}, less_unsigned};
            default: y = '0;
        endcase
    end

    assign zero     = y == '0;
    assign negative = y[WIDTH-1];

endmodule

`default_nettype wire
