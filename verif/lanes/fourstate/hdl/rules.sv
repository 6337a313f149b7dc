// How a value and its known bits go through each cell. Of a bit that is not known the value means nothing, so values go as in two
// states and the known bits alone tell X: Y is known where YK is 1.
//
// Two laws hold for every module. A bit is known only where Verilog's operator makes a known bit of the same known inputs; and
// with fewer inputs known no more outputs are. So what is known here is known, and the same, in a four-state simulator.

module rule_not #(parameter WIDTH = 1) (
    input [WIDTH-1:0] A, AK, output [WIDTH-1:0] Y, YK
);
    assign Y = ~A;
    assign YK = AK;
endmodule

module rule_and #(parameter WIDTH = 1) (
    input [WIDTH-1:0] A, AK, B, BK, output [WIDTH-1:0] Y, YK
);
    assign Y = A & B;
    assign YK = (AK & BK) | (AK & ~A) | (BK & ~B);
endmodule

module rule_or #(parameter WIDTH = 1) (
    input [WIDTH-1:0] A, AK, B, BK, output [WIDTH-1:0] Y, YK
);
    assign Y = A | B;
    assign YK = (AK & BK) | (AK & A) | (BK & B);
endmodule

module rule_xor #(parameter WIDTH = 1) (
    input [WIDTH-1:0] A, AK, B, BK, output [WIDTH-1:0] Y, YK
);
    assign Y = A ^ B;
    assign YK = AK & BK;
endmodule

module rule_xnor #(parameter WIDTH = 1) (
    input [WIDTH-1:0] A, AK, B, BK, output [WIDTH-1:0] Y, YK
);
    assign Y = A ~^ B;
    assign YK = AK & BK;
endmodule

module rule_reduce_and #(parameter WIDTH = 1) (
    input [WIDTH-1:0] A, AK, output Y, YK
);
    assign Y = &A;
    assign YK = &AK | |(AK & ~A);
endmodule

module rule_reduce_or #(parameter WIDTH = 1) (
    input [WIDTH-1:0] A, AK, output Y, YK
);
    assign Y = |A;
    assign YK = &AK | |(AK & A);
endmodule

module rule_reduce_xor #(parameter WIDTH = 1) (
    input [WIDTH-1:0] A, AK, output Y, YK
);
    assign Y = ^A;
    assign YK = &AK;
endmodule

// A known bit that differs decides, whatever the others are.
module rule_eq #(parameter WIDTH = 1) (
    input [WIDTH-1:0] A, AK, B, BK, output Y, YK
);
    assign Y = A == B;
    assign YK = &(AK & BK) | |(AK & BK & (A ^ B));
endmodule

// ===. UNKNOWN has the bits of which one side is the constant X: a known bit on the other side differs from it. Any other
// unknown bit may be known in simulation, so it leaves the answer open.
module rule_eqx #(parameter WIDTH = 1, parameter [WIDTH-1:0] UNKNOWN = 0) (
    input [WIDTH-1:0] A, AK, B, BK, output Y, YK
);
    wire [WIDTH-1:0] differs = AK & BK & (A ^ B) | UNKNOWN & (AK | BK);
    assign Y = A == B && !differs;
    assign YK = &(AK & BK) | |differs;
endmodule

// Branches of if, case and ?: are merged where the choice is open: what is the same in both is known.
module rule_mux #(parameter WIDTH = 1) (
    input [WIDTH-1:0] A, AK, B, BK, input S, SK, output [WIDTH-1:0] Y, YK
);
    assign Y = S ? B : A;
    assign YK = SK ? (S ? BK : AK) : AK & BK & ~(A ^ B);
endmodule

module rule_bwmux #(parameter WIDTH = 1) (
    input [WIDTH-1:0] A, AK, B, BK, S, SK, output [WIDTH-1:0] Y, YK
);
    assign Y = (S & B) | (~S & A);
    assign YK = (SK & S & BK) | (SK & ~S & AK) | (AK & BK & ~(A ^ B));
endmodule

// The highest select is the first branch.
module rule_pmux #(parameter WIDTH = 1, parameter S_WIDTH = 1) (
    input [WIDTH-1:0] A, AK, input [WIDTH*S_WIDTH-1:0] B, BK, input [S_WIDTH-1:0] S, SK, output [WIDTH-1:0] Y, YK
);
    wire [WIDTH*(S_WIDTH+1)-1:0] taken, known;
    assign taken[WIDTH-1:0] = A;
    assign known[WIDTH-1:0] = AK;
    genvar i;
    generate
        for (i = 0; i < S_WIDTH; i = i + 1) begin : branch
            rule_mux #(.WIDTH(WIDTH)) choice (
                .A(taken[WIDTH*i +: WIDTH]), .AK(known[WIDTH*i +: WIDTH]),
                .B(B[WIDTH*i +: WIDTH]), .BK(BK[WIDTH*i +: WIDTH]),
                .S(S[i]), .SK(SK[i]),
                .Y(taken[WIDTH*(i+1) +: WIDTH]), .YK(known[WIDTH*(i+1) +: WIDTH])
            );
        end
    endgenerate
    assign Y = taken[WIDTH*S_WIDTH +: WIDTH];
    assign YK = known[WIDTH*S_WIDTH +: WIDTH];
endmodule

// One of several elements, in two states.
module rule_pick #(parameter WIDTH = 1, parameter S_WIDTH = 1) (
    input [(WIDTH<<S_WIDTH)-1:0] A, input [S_WIDTH-1:0] S, output [WIDTH-1:0] Y
);
    localparam HALF = WIDTH << (S_WIDTH - 1);
    wire [HALF-1:0] half = S[S_WIDTH-1] ? A[HALF +: HALF] : A[0 +: HALF];
    generate
        if (S_WIDTH == 1) begin : found
            assign Y = half;
        end else begin : on
            rule_pick #(.WIDTH(WIDTH), .S_WIDTH(S_WIDTH - 1)) pick (.A(half), .S(S[S_WIDTH-2:0]), .Y(Y));
        end
    endgenerate
endmodule

// A read at an index: an unknown index reads X.
module rule_bmux #(parameter WIDTH = 1, parameter S_WIDTH = 1) (
    input [(WIDTH<<S_WIDTH)-1:0] A, AK, input [S_WIDTH-1:0] S, SK, output [WIDTH-1:0] Y, YK
);
    wire [WIDTH-1:0] known;
    rule_pick #(.WIDTH(WIDTH), .S_WIDTH(S_WIDTH)) value (.A(A), .S(S), .Y(Y));
    rule_pick #(.WIDTH(WIDTH), .S_WIDTH(S_WIDTH)) which (.A(AK), .S(S), .Y(known));
    assign YK = known & {WIDTH{&SK}};
endmodule

// Which element an index names, for a write: elements that it can't name are left alone.
module rule_demux #(parameter WIDTH = 1, parameter S_WIDTH = 1) (
    input [WIDTH-1:0] A, AK, input [S_WIDTH-1:0] S, SK, output [(WIDTH<<S_WIDTH)-1:0] Y, YK
);
    genvar i;
    generate
        for (i = 0; i < (1 << S_WIDTH); i = i + 1) begin : element
            localparam [S_WIDTH-1:0] INDEX = i;
            wire named, sure;
            rule_eq #(.WIDTH(S_WIDTH)) compare (.A(S), .AK(SK), .B(INDEX), .BK({S_WIDTH{1'b1}}), .Y(named), .YK(sure));
            rule_and #(.WIDTH(WIDTH)) pass (
                .A(A), .AK(AK), .B({WIDTH{named}}), .BK({WIDTH{sure}}), .Y(Y[WIDTH*i +: WIDTH]), .YK(YK[WIDTH*i +: WIDTH])
            );
        end
    endgenerate
endmodule

// Arithmetic and order: one unknown bit of an operand, and nothing is known. VALUE comes from the two-state cell beside it.
module rule_all #(parameter A_WIDTH = 1, parameter B_WIDTH = 1, parameter Y_WIDTH = 1) (
    input [A_WIDTH-1:0] AK, input [B_WIDTH-1:0] BK, output [Y_WIDTH-1:0] YK
);
    assign YK = {Y_WIDTH{&AK & &BK}};
endmodule

// The same for / and %, and nothing is known of a division by zero.
module rule_divided #(parameter A_WIDTH = 1, parameter B_WIDTH = 1, parameter Y_WIDTH = 1) (
    input [A_WIDTH-1:0] AK, input [B_WIDTH-1:0] B, BK, output [Y_WIDTH-1:0] YK
);
    assign YK = {Y_WIDTH{&AK & &BK & |B}};
endmodule

// Shifts: SHIFTED has a 1 for each unknown bit of A, shifted as A is. An unknown distance leaves nothing known.
module rule_shifted #(parameter B_WIDTH = 1, parameter Y_WIDTH = 1) (
    input [Y_WIDTH-1:0] SHIFTED, input [B_WIDTH-1:0] BK, output [Y_WIDTH-1:0] YK
);
    assign YK = ~SHIFTED & {Y_WIDTH{&BK}};
endmodule

// A register that something sets without its clock: LOAD is active high here. While it is open whether LOAD is active nothing is
// known, and the next edge keeps that.
module rule_loaded #(parameter WIDTH = 1) (
    input LOAD, LOADK, input [WIDTH-1:0] DK, QK, output ACTIVE, output [WIDTH-1:0] NEXT, YK
);
    assign ACTIVE = LOAD & LOADK;
    assign NEXT = DK & {WIDTH{LOADK}};
    assign YK = QK & {WIDTH{LOADK}};
endmodule

// A latch: EN is active high here. While it is open whether it is open, it loses what it holds.
module rule_latched #(parameter WIDTH = 1) (
    input EN, ENK, input [WIDTH-1:0] DK, output ACTIVE, output [WIDTH-1:0] NEXT
);
    assign ACTIVE = EN | ~ENK;
    assign NEXT = DK & {WIDTH{ENK}};
endmodule

// A memory as registers. An open address or enable merges what a word holds with what it may get; an address that is unknown
// or of no word reads X.
module rule_registers #(
    parameter WIDTH = 1,
    parameter WORDS = 1,
    parameter OFFSET = 0,
    parameter ABITS = 1,
    parameter READS = 1,
    parameter WRITES = 1,
    parameter EDGE = 1,
    parameter [WIDTH*WORDS-1:0] START = 0,
    parameter [WIDTH*WORDS-1:0] STARTK = 0
) (
    input CLK,
    input [(READS>0?READS:1)*ABITS-1:0] RA, RAK, output [(READS>0?READS:1)*WIDTH-1:0] RD, RDK,
    input [(WRITES>0?WRITES:1)*ABITS-1:0] WA, WAK, input [(WRITES>0?WRITES:1)*WIDTH-1:0] WD, WDK, WE, WEK
);
    localparam NEEDED = $clog2(OFFSET + WORDS) < 1 ? 1 : $clog2(OFFSET + WORDS);
    localparam INDEX = NEEDED < ABITS ? NEEDED : ABITS;
    wire [(WIDTH<<INDEX)-1:0] all, known;
    genvar w, p;
    generate
        for (w = 0; w < (1 << INDEX); w = w + 1) begin : place
            if (w < OFFSET || w >= OFFSET + WORDS) begin : none
                assign all[WIDTH*w +: WIDTH] = {WIDTH{1'b0}};
                assign known[WIDTH*w +: WIDTH] = {WIDTH{1'b0}};
            end else begin : word
                localparam [ABITS-1:0] ADDRESS = w;
                wire [WIDTH*(WRITES+1)-1:0] next, nextk;
                wire [WIDTH-1:0] held, heldk;
                assign next[WIDTH-1:0] = held;
                assign nextk[WIDTH-1:0] = heldk;
                for (p = 0; p < WRITES; p = p + 1) begin : port
                    wire named, sure;
                    wire [WIDTH-1:0] enable, enablek;
                    rule_eq #(.WIDTH(ABITS)) compare (
                        .A(WA[ABITS*p +: ABITS]), .AK(WAK[ABITS*p +: ABITS]), .B(ADDRESS), .BK({ABITS{1'b1}}),
                        .Y(named), .YK(sure)
                    );
                    rule_and #(.WIDTH(WIDTH)) both (
                        .A(WE[WIDTH*p +: WIDTH]), .AK(WEK[WIDTH*p +: WIDTH]), .B({WIDTH{named}}), .BK({WIDTH{sure}}),
                        .Y(enable), .YK(enablek)
                    );
                    rule_bwmux #(.WIDTH(WIDTH)) write (
                        .A(next[WIDTH*p +: WIDTH]), .AK(nextk[WIDTH*p +: WIDTH]),
                        .B(WD[WIDTH*p +: WIDTH]), .BK(WDK[WIDTH*p +: WIDTH]), .S(enable), .SK(enablek),
                        .Y(next[WIDTH*(p+1) +: WIDTH]), .YK(nextk[WIDTH*(p+1) +: WIDTH])
                    );
                end
                rule_word #(
                    .WIDTH(WIDTH), .EDGE(EDGE), .WRITTEN(WRITES > 0),
                    .START(START[WIDTH*(w-OFFSET) +: WIDTH]), .STARTK(STARTK[WIDTH*(w-OFFSET) +: WIDTH])
                ) kept (
                    .CLK(CLK), .D(next[WIDTH*WRITES +: WIDTH]), .DK(nextk[WIDTH*WRITES +: WIDTH]), .Q(held), .QK(heldk)
                );
                assign all[WIDTH*w +: WIDTH] = held;
                assign known[WIDTH*w +: WIDTH] = heldk;
            end
        end
        for (p = 0; p < READS; p = p + 1) begin : read
            wire [ABITS-1:0] address = RA[ABITS*p +: ABITS];
            wire [WIDTH-1:0] found;
            wire inside;
            if (ABITS > INDEX) begin : far
                assign inside = ~|address[ABITS-1:INDEX];
            end else begin : near
                assign inside = 1'b1;
            end
            rule_pick #(.WIDTH(WIDTH), .S_WIDTH(INDEX)) value (.A(all), .S(address[INDEX-1:0]), .Y(RD[WIDTH*p +: WIDTH]));
            rule_pick #(.WIDTH(WIDTH), .S_WIDTH(INDEX)) which (.A(known), .S(address[INDEX-1:0]), .Y(found));
            assign RDK[WIDTH*p +: WIDTH] = found & {WIDTH{inside & (&RAK[ABITS*p +: ABITS])}};
        end
    endgenerate
endmodule

module rule_word #(
    parameter WIDTH = 1,
    parameter EDGE = 1,
    parameter WRITTEN = 1,
    parameter [WIDTH-1:0] START = 0,
    parameter [WIDTH-1:0] STARTK = 0
) (
    input CLK, input [WIDTH-1:0] D, DK, output [WIDTH-1:0] Q, QK
);
    generate
        if (!WRITTEN) begin : constant
            assign Q = START;
            assign QK = STARTK;
        end else begin : written
            rule_register #(.WIDTH(WIDTH), .EDGE(EDGE), .START(START)) value (.CLK(CLK), .D(D), .Q(Q));
            rule_register #(.WIDTH(WIDTH), .EDGE(EDGE), .START(STARTK)) known (.CLK(CLK), .D(DK), .Q(QK));
        end
    endgenerate
endmodule

module rule_register #(parameter WIDTH = 1, parameter EDGE = 1, parameter [WIDTH-1:0] START = 0) (
    input CLK, input [WIDTH-1:0] D, output reg [WIDTH-1:0] Q
);
    initial Q = START;
    generate
        if (EDGE) begin : rising
            always @(posedge CLK) Q <= D;
        end else begin : falling
            always @(negedge CLK) Q <= D;
        end
    endgenerate
endmodule

// What keeps a memory that stays one from telling what it can't know: after a write that may go to any word nothing in it is known
// any more. As long as nothing was written to it (or given at the start), such a write has nothing to spoil. HOLDS is the OR of all
// ports' HOLDING.
module rule_array #(parameter WIDTH = 1, parameter ABITS = 1, parameter EDGE = 1) (
    input CLK, input [ABITS-1:0] WAK, input [WIDTH-1:0] WE, WEK, input HOLDS, output HOLDING, SPOILT
);
    wire may = |(WE | ~WEK);
    wire written;
    assign HOLDING = written | (may & (&WAK));
    rule_register #(.EDGE(EDGE)) holding (.CLK(CLK), .D(HOLDING), .Q(written));
    rule_register #(.EDGE(EDGE)) spoilt (.CLK(CLK), .D(SPOILT | (may & ~(&WAK) & HOLDS)), .Q(SPOILT));
endmodule

module rule_array_write #(parameter WIDTH = 1, parameter ABITS = 1) (
    input [ABITS-1:0] WAK, input [WIDTH-1:0] WDK, WE, WEK, output [WIDTH-1:0] DK, EN
);
    assign EN = WE | ~WEK;
    assign DK = WDK & WEK & {WIDTH{&WAK}};
endmodule

module rule_array_read #(parameter WIDTH = 1, parameter ABITS = 1) (
    input [ABITS-1:0] RAK, input [WIDTH-1:0] QK, input SPOILT, output [WIDTH-1:0] RDK
);
    assign RDK = QK & {WIDTH{&RAK & ~SPOILT}};
endmodule

// An output that says something of the run: for sure, and perhaps.
module rule_told #(parameter WIDTH = 1) (
    input [WIDTH-1:0] A, AK, output [WIDTH-1:0] SURE, MAY
);
    assign SURE = A & AK;
    assign MAY = A | ~AK;
endmodule

// A bit that tri-state buffers drive: known where one drives it for sure and no other may drive something else.
module rule_bus #(parameter DRIVERS = 1) (
    input [DRIVERS-1:0] A, AK, E, EK, output Y, YK
);
    wire [DRIVERS-1:0] on = E | ~EK;
    wire one = |(on & A);
    wire zero = |(on & ~A);
    assign Y = one;
    assign YK = (one ^ zero) & ~|(on & ~(AK & EK));
endmodule
