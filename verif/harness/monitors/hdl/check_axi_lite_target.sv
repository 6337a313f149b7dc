// No response without its request, one response for each, and no response code that AXI4-Lite lacks.
// A write is requested once its address and its data were taken. AMBA AXI A3.3.1 and B1.1.1.
`default_nettype none

module check_axi_lite_target (
    input  logic clk,
    input  logic rst,
    input  logic awvalid,
    input  logic awready,
    input  logic wvalid,
    input  logic wready,
    input  logic bvalid,
    input  logic bready,
    input  logic bexokay,    // the response code is EXOKAY
    input  logic arvalid,
    input  logic arready,
    input  logic rvalid,
    input  logic rready,
    input  logic rexokay,
    output logic fail,
    output logic seen
);

    // Requests that wait for their answers; 32 bits outlast any run.
    logic [31:0] addresses, addresses_now;
    logic [31:0] words, words_now;
    logic [31:0] reads, reads_now;
    logic        write_wrong, write_answered;
    logic        read_wrong, read_answered;

    assign addresses_now = addresses + {31'd0, awvalid === 1'b1 && awready === 1'b1};
    assign words_now     = words + {31'd0, wvalid === 1'b1 && wready === 1'b1};
    assign reads_now     = reads + {31'd0, arvalid === 1'b1 && arready === 1'b1};

    assign write_wrong    = bvalid === 1'b1
        && (addresses_now == 32'd0 || words_now == 32'd0 || bexokay === 1'b1);
    assign write_answered = bvalid === 1'b1 && bready === 1'b1 && !write_wrong;
    assign read_wrong     = !write_wrong && rvalid === 1'b1 && (reads_now == 32'd0 || rexokay === 1'b1);
    assign read_answered  = !write_wrong && rvalid === 1'b1 && rready === 1'b1 && !read_wrong;

    assign seen = !rst && (bvalid === 1'b1 || rvalid === 1'b1);
    assign fail = !rst && (write_wrong || read_wrong);

    always @(posedge clk) begin
        if (rst) begin
            addresses <= 32'd0;
            words     <= 32'd0;
            reads     <= 32'd0;
        end else begin
            addresses <= addresses_now - {31'd0, write_answered};
            words     <= words_now - {31'd0, write_answered};
            reads     <= reads_now - {31'd0, read_answered};
        end
    end

    initial begin
        addresses = 32'd0;
        words     = 32'd0;
        reads     = 32'd0;
    end

endmodule

`default_nettype wire
