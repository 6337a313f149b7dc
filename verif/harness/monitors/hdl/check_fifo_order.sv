// A FIFO on one clock: each word that is read is the next one that was written.
// With SHOW_AHEAD the word is on rd_data in the cycle of the read, without it in the next cycle. What a write into a full
// FIFO along with a read does, and a read from an empty one along with a write, differs between FIFOs: nothing is judged
// after one, nor with more than 2**ADDRESS_WIDTH words inside, until the next reset.
`default_nettype none

module check_fifo_order #(
    parameter WIDTH = 8,
    parameter SHOW_AHEAD = 1,
    parameter ADDRESS_WIDTH = 10
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             wr_en,
    input  logic [WIDTH-1:0] wr_data,
    input  logic             full,
    input  logic             rd_en,
    input  logic [WIDTH-1:0] rd_data,
    input  logic             empty,
    output logic             fail,
    output logic             seen
);

    logic [WIDTH-1:0]       words [0:(1 << ADDRESS_WIDTH) - 1];
    logic [ADDRESS_WIDTH:0] written;
    logic [ADDRESS_WIDTH:0] taken;
    logic [ADDRESS_WIDTH:0] stored;
    logic                   counting;
    logic                   judged;
    logic                   known;
    logic                   both;
    logic                   writes;
    logic                   reads;
    logic                   invented;
    logic [WIDTH-1:0]       oldest;
    logic                   compares;
    logic [WIDTH-1:0]       expected;

`ifdef __ICARUS__
    assign known = ^{full, empty} !== 1'bx;
`else
    assign known = 1'b1;
`endif

    assign judged   = !rst && counting && known;
    assign both     = wr_en === 1'b1 && rd_en === 1'b1 && (full || empty);
    assign writes   = wr_en === 1'b1 && !full && !both;
    assign reads    = rd_en === 1'b1 && !empty && !both;
    assign stored   = written - taken;
    assign invented = reads && !writes && stored == {(ADDRESS_WIDTH + 1){1'b0}};
    assign oldest   = stored == {(ADDRESS_WIDTH + 1){1'b0}} ? wr_data : words[taken[ADDRESS_WIDTH-1:0]];
    assign seen     = judged && compares;
    assign fail     = judged && (invented || (compares && rd_data !== expected));

    generate
        if (SHOW_AHEAD != 0) begin : g_ahead
            assign compares = reads && !invented;
            assign expected = oldest;
        end else begin : g_late
            always @(posedge clk) begin
                compares <= judged && reads && !invented;
                expected <= oldest;
            end
            initial compares = 1'b0;
        end
    endgenerate

    always @(posedge clk) begin
        if (writes) begin
            words[written[ADDRESS_WIDTH-1:0]] <= wr_data;
        end
        if (rst) begin
            written  <= {(ADDRESS_WIDTH + 1){1'b0}};
            taken    <= {(ADDRESS_WIDTH + 1){1'b0}};
            counting <= 1'b1;
        end else if (judged) begin
            written  <= written + {{ADDRESS_WIDTH{1'b0}}, writes};
            taken    <= taken + {{ADDRESS_WIDTH{1'b0}}, reads && !invented};
            counting <= !both && !(writes && !reads && stored[ADDRESS_WIDTH]);
        end else begin
            counting <= 1'b0;
        end
    end

    initial begin
        written  = {(ADDRESS_WIDTH + 1){1'b0}};
        taken    = {(ADDRESS_WIDTH + 1){1'b0}};
        counting = 1'b1;
    end

endmodule

`default_nettype wire
