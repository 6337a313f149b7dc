// Reference model of an arithmetic logic unit: result and flags from the operands and the operation code.
// TABLE holds 11 bits for each code, code 0 lowest: operation (5), overflow rule (3), carry rule (3).
// Operations: 0 anything, 1 a reserved code (result 0), from 2 on add sub and or xor nor nand xnor not pass inc dec sll
// srl sra slt sltu. Flag rules: 0 anything, 1 always 0, 2 always 1, 3 carry, 4 borrow, 5 signed overflow.
`default_nettype none

module check_alu #(
    parameter WIDTH = 8,
    parameter OP_WIDTH = 4,
    parameter [11*(1<<OP_WIDTH)-1:0] TABLE = 0,
    parameter [4:0] CHECKED = 5'h1f      // outputs that are compared, y first
) (
    input  logic                rst,
    input  logic [OP_WIDTH-1:0] op,
    input  logic [WIDTH-1:0]    a,
    input  logic [WIDTH-1:0]    b,
    input  logic [WIDTH-1:0]    y,
    input  logic                zero,
    input  logic                negative,
    input  logic                carry,
    input  logic                overflow,
    output logic                fail,
    output logic                seen
);

    localparam [WIDTH-1:0] BITS = WIDTH;
    localparam [4:0] ADD = 5'd2, SUB = 5'd3, AND = 5'd4, OR = 5'd5, XOR = 5'd6, NOR = 5'd7, NAND = 5'd8, XNOR = 5'd9;
    localparam [4:0] NOT = 5'd10, PASS = 5'd11, INC = 5'd12, DEC = 5'd13, SLL = 5'd14, SRL = 5'd15, SRA = 5'd16;
    localparam [4:0] SLT = 5'd17, SLTU = 5'd18;

    logic [10:0]      entry;
    logic [4:0]       operation;
    logic [WIDTH:0]   sum;
    logic [WIDTH:0]   difference;
    logic [WIDTH-1:0] amount;
    logic             below;
    logic             below_signed;
    logic             overflows;
    logic [WIDTH-1:0] result;

    assign entry        = TABLE[11*op+:11];
    assign operation    = entry[4:0];
    assign sum          = {1'b0, a} + {1'b0, b};
    assign difference   = {1'b0, a} - {1'b0, b};
    assign amount       = b % BITS;
    assign below        = difference[WIDTH];
    assign below_signed = a[WIDTH-1] != b[WIDTH-1] ? a[WIDTH-1] : below;
    assign overflows    = operation == SUB
        ? a[WIDTH-1] != b[WIDTH-1] && difference[WIDTH-1] != a[WIDTH-1]
        : a[WIDTH-1] == b[WIDTH-1] && sum[WIDTH-1] != a[WIDTH-1];

    always @* begin
        case (operation)
            ADD:     result = sum[WIDTH-1:0];
            SUB:     result = difference[WIDTH-1:0];
            AND:     result = a & b;
            OR:      result = a | b;
            XOR:     result = a ^ b;
            NOR:     result = ~(a | b);
            NAND:    result = ~(a & b);
            XNOR:    result = ~(a ^ b);
            NOT:     result = ~a;
            PASS:    result = a;
            INC:     result = a + 1'b1;
            DEC:     result = a - 1'b1;
            SLL:     result = a << amount;
            SRL:     result = a >> amount;
            SRA:     result = (a >> amount) | (a[WIDTH-1] ? ~({WIDTH{1'b1}} >> amount) : {WIDTH{1'b0}});
            SLT:     result = {{(WIDTH - 1){1'b0}}, below_signed};
            SLTU:    result = {{(WIDTH - 1){1'b0}}, below};
            default: result = {WIDTH{1'b0}};
        endcase
    end

    function is_wrong(input [2:0] rule, input flag, input carries, input borrows, input overflown);
        case (rule)
            3'd1:    is_wrong = flag !== 1'b0;
            3'd2:    is_wrong = flag !== 1'b1;
            3'd3:    is_wrong = flag !== carries;
            3'd4:    is_wrong = flag !== borrows;
            3'd5:    is_wrong = flag !== overflown;
            default: is_wrong = 1'b0;
        endcase
    endfunction

    assign seen = !rst && operation != 5'd0;
    assign fail = !rst && (
        (CHECKED[0] && operation != 5'd0 && y !== result)
        || (CHECKED[1] && operation != 5'd0 && zero !== (result == {WIDTH{1'b0}}))
        || (CHECKED[2] && operation != 5'd0 && negative !== result[WIDTH-1])
        || (CHECKED[3] && is_wrong(entry[10:8], carry, sum[WIDTH], below, overflows))
        || (CHECKED[4] && is_wrong(entry[7:5], overflow, sum[WIDTH], below, overflows))
    );

endmodule

`default_nettype wire
