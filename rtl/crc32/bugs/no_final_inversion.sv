// Bug, breaks R2: the final XOR is missing.
// CRC-32 of a byte stream (IEEE 802.3), one byte per cycle.
`default_nettype none

module crc32 (
    input  logic        clk,
    input  logic        rst_n,
    input  logic        clear,
    input  logic        data_valid,
    input  logic [7:0]  data,
    output logic [31:0] crc
);

    localparam logic [31:0] POLYNOMIAL_REFLECTED = 32'hEDB88320;
    localparam logic [31:0] INITIAL = 32'hFFFFFFFF;

    logic [31:0] remainder;
    logic [31:0] start;

    // One byte, least significant bit first, through the reflected polynomial.
    function automatic logic [31:0] after_byte(input logic [31:0] old, input logic [7:0] value);
        after_byte = old ^ {24'b0, value};
        for (int i = 0; i < 8; i++) begin
            after_byte = (after_byte >> 1) ^ (after_byte[0] ? POLYNOMIAL_REFLECTED : 32'b0);
        end
    endfunction

    assign start = clear ? INITIAL : remainder;
    assign crc   = remainder;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            remainder <= INITIAL;
        end else if (data_valid) begin
            remainder <= after_byte(start, data);
        end else begin
            remainder <= start;
        end
    end

endmodule

`default_nettype wire
