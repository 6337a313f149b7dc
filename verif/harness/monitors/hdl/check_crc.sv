// Reference model of a CRC over a stream of words: the CRC of the message so far.
// clear begins a new message, with this cycle's word if it is valid. POLYNOMIAL has the top term left out; REFLECT_IN
// takes each word least significant bit first; REFLECT_OUT mirrors the result before FINAL_XOR is applied.
`default_nettype none

module check_crc #(
    parameter WIDTH = 32,
    parameter DATA_WIDTH = 8,
    parameter [WIDTH-1:0] POLYNOMIAL = 0,
    parameter [WIDTH-1:0] INITIAL = 0,
    parameter REFLECT_IN = 0,
    parameter REFLECT_OUT = 0,
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
    logic [WIDTH-1:0] expected;
    integer           place;
    integer           index;

    always @* begin
        appended = clear ? INITIAL : remainder;
        for (place = 0; place < DATA_WIDTH; place = place + 1) begin
            if (appended[WIDTH-1] ^ data[REFLECT_IN != 0 ? place : DATA_WIDTH - 1 - place]) begin
                appended = (appended << 1) ^ POLYNOMIAL;
            end else begin
                appended = appended << 1;
            end
        end
    end

    always @* begin
        for (index = 0; index < WIDTH; index = index + 1) begin
            expected[index] = remainder[REFLECT_OUT != 0 ? WIDTH - 1 - index : index] ^ FINAL_XOR[index];
        end
    end

    assign seen = !rst;
    assign fail = !rst && crc !== expected;

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
