// What Yosys may choose freely, tied to what the batch engine does: the first branch that fits is taken, a division by zero is 0,
// a comparison with X is false.

(* techmap_celltype = "$pmux" *)
module exact_branches #(
    parameter WIDTH = 1,
    parameter S_WIDTH = 1
) (
    input  [WIDTH-1:0]         A,
    input  [WIDTH*S_WIDTH-1:0] B,
    input  [S_WIDTH-1:0]       S,
    output [WIDTH-1:0]         Y
);
    // The highest select is the first branch.
    wire [WIDTH*(S_WIDTH+1)-1:0] taken;
    assign taken[WIDTH-1:0] = A;
    genvar i;
    generate
        for (i = 0; i < S_WIDTH; i = i + 1) begin : branch
            assign taken[WIDTH*(i+1) +: WIDTH] = S[i] ? B[WIDTH*i +: WIDTH] : taken[WIDTH*i +: WIDTH];
        end
    endgenerate
    assign Y = taken[WIDTH*S_WIDTH +: WIDTH];
endmodule

(* techmap_celltype = "$div $mod" *)
module exact_division #(
    parameter A_SIGNED = 0,
    parameter B_SIGNED = 0,
    parameter A_WIDTH = 1,
    parameter B_WIDTH = 1,
    parameter Y_WIDTH = 1,
    parameter _TECHMAP_CELLTYPE_ = ""
) (
    input  [A_WIDTH-1:0] A,
    input  [B_WIDTH-1:0] B,
    output [Y_WIDTH-1:0] Y
);
    wire [Y_WIDTH-1:0] result;
    generate
        if (_TECHMAP_CELLTYPE_ == "$div") begin : quotient
            exact_div #(.A_SIGNED(A_SIGNED), .B_SIGNED(B_SIGNED), .A_WIDTH(A_WIDTH), .B_WIDTH(B_WIDTH), .Y_WIDTH(Y_WIDTH))
                cell (.A(A), .B(B), .Y(result));
        end else begin : remainder
            exact_mod #(.A_SIGNED(A_SIGNED), .B_SIGNED(B_SIGNED), .A_WIDTH(A_WIDTH), .B_WIDTH(B_WIDTH), .Y_WIDTH(Y_WIDTH))
                cell (.A(A), .B(B), .Y(result));
        end
    endgenerate
    assign Y = |B ? result : {Y_WIDTH{1'b0}};
endmodule

(* techmap_celltype = "$eqx $nex" *)
module exact_comparison #(
    parameter A_SIGNED = 0,
    parameter B_SIGNED = 0,
    parameter A_WIDTH = 1,
    parameter B_WIDTH = 1,
    parameter Y_WIDTH = 1,
    parameter _TECHMAP_CELLTYPE_ = "",
    parameter [A_WIDTH-1:0] _TECHMAP_CONSTMSK_A_ = 0,
    parameter [A_WIDTH-1:0] _TECHMAP_CONSTVAL_A_ = 0,
    parameter [B_WIDTH-1:0] _TECHMAP_CONSTMSK_B_ = 0,
    parameter [B_WIDTH-1:0] _TECHMAP_CONSTVAL_B_ = 0
) (
    input  [A_WIDTH-1:0] A,
    input  [B_WIDTH-1:0] B,
    output [Y_WIDTH-1:0] Y
);
    // The mask is 1 where a bit is constant; a constant X leaves its mark on the parity.
    localparam UNKNOWN = ^(_TECHMAP_CONSTVAL_A_ & _TECHMAP_CONSTMSK_A_) === 1'bx
                      || ^(_TECHMAP_CONSTVAL_B_ & _TECHMAP_CONSTMSK_B_) === 1'bx;
    wire equal;
    generate
        if (UNKNOWN) begin : never
            assign equal = 1'b0;
        end else begin : known
            \$eq #(.A_SIGNED(A_SIGNED), .B_SIGNED(B_SIGNED), .A_WIDTH(A_WIDTH), .B_WIDTH(B_WIDTH), .Y_WIDTH(1))
                cell (.A(A), .B(B), .Y(equal));
        end
    endgenerate
    assign Y = _TECHMAP_CELLTYPE_ == "$eqx" ? equal : !equal;
endmodule
