// Reference model of a CRC over a stream of words: the CRC of the message so far.
// clear begins a new message, with this cycle's word if it is valid. POLYNOMIAL has the top term left out; REFLECT_IN
// takes each word least significant bit first. MIRRORED keeps the remainder, POLYNOMIAL and INITIAL with their highest
// term at bit 0, as the result of a CRC with reflected output has it before FINAL_XOR is applied.
`default_nettype none

module check_crc #(
    parameter WIDTH = 32,
    parameter DATA_WIDTH = 8,
    parameter [WIDTH-1:0] POLYNOMIAL = 0,
    parameter [WIDTH-1:0] INITIAL = 0,
    parameter REFLECT_IN = 0,
    parameter MIRRORED = 0,
    parameter [WIDTH-1:0] FINAL_XOR = 0
) (
    input  logic                  clk,
    input  logic                  rst,
    input  logic                  clear,
    input  logic                  valid,
    input  logic [DATA_WIDTH-1:0] data,
    input  logic [WIDTH-1:0]      crc,
    output logic                  fail,
    output logic                  seen
);

    logic [WIDTH-1:0] remainder;
    logic [WIDTH-1:0] appended;
    integer           place;

    always @* begin
        appended = clear ? INITIAL : remainder;
        for (place = 0; place < DATA_WIDTH; place = place + 1) begin
            if (MIRRORED != 0) begin
                appended = (appended >> 1)
                    ^ (POLYNOMIAL & {WIDTH{appended[0] ^ data[REFLECT_IN != 0 ? place : DATA_WIDTH - 1 - place]}});
            end else begin
                appended = (appended << 1)
                    ^ (POLYNOMIAL & {WIDTH{appended[WIDTH-1] ^ data[REFLECT_IN != 0 ? place : DATA_WIDTH - 1 - place]}});
            end
        end
    end

    assign seen = !rst;
    assign fail = !rst && crc !== (remainder ^ FINAL_XOR);

    always @(posedge clk) begin
        if (rst) begin
            remainder <= INITIAL;
        end else if (valid) begin
            remainder <= appended;
        end else if (clear) begin
            remainder <= INITIAL;
        end
    end

    initial remainder = INITIAL;

endmodule

`default_nettype wire
