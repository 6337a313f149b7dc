// Makes a legal RV32I or M instruction out of any 32 bits (RISC-V unprivileged ISA, chapters 2 and 7). The bits stay
// where they are a register, funct3 or an immediate; bits 6 to 2 choose the form. Jumps and accesses are aligned,
// accesses near address 0, branches and most jumps a few words ahead. With raw the bits pass as they are.
`default_nettype none

module drive_riscv (
    input  logic        raw,
    input  logic [31:0] bits,
    output logic [31:0] word
);

    logic [2:0]  funct3;
    logic        other;        // the second meaning of add, shift right
    logic        shift;
    logic [2:0]  load_size;
    logic [2:0]  store_size;
    logic [2:0]  compare;
    logic [31:0] legal;

    assign funct3     = bits[14:12];
    assign shift      = funct3[1:0] == 2'b01;
    assign other      = bits[30] && (funct3 == 3'd5 || (funct3 == 3'd0 && bits[5:2] < 4'd4));
    assign load_size  = funct3 == 3'd3 || funct3 > 3'd5 ? 3'd2 : funct3;
    assign store_size = funct3 > 3'd2 ? 3'd2 : funct3;
    assign compare    = {funct3[2], funct3[2] && funct3[1], funct3[0]};

    always @* begin
        case (bits[5:2])
            4'd0, 4'd1, 4'd2, 4'd3:    // register with register; M extension with bit 6
                legal = {1'b0, other && !bits[6], 4'd0, bits[6], bits[24:7], 7'h33};
            4'd4, 4'd5, 4'd6, 4'd7:    // register with immediate
                legal = {shift ? {1'b0, other, 5'd0} : bits[31:25], bits[24:7], 7'h13};
            4'd8, 4'd9:                // load
                legal = {4'd0, bits[25:20], 2'd0, 5'd0, load_size, bits[11:7], 7'h03};
            4'd10, 4'd11:              // store
                legal = {4'd0, bits[27:20], 5'd0, store_size, bits[11:9], 2'd0, 7'h23};
            4'd12, 4'd13:              // branch
                legal = {7'd0, bits[24:15], compare, bits[11:10], 2'b10, 1'b0, 7'h63};
            4'd14:                     // upper immediate
                legal = {bits[31:7], bits[6] ? 7'h37 : 7'h17};
            default:                   // jump
                legal = {bits[31] && bits[6], 4'd0, bits[26:23], 2'b10, bits[20:12] & {9{bits[6]}}, bits[11:7], 7'h6f};
        endcase
    end

    assign word = raw ? bits : legal;

endmodule

`default_nettype wire
