// A FIFO between two clocks: empty whenever all words were read, full whenever DEPTH words are inside.
// Full and empty at once isn't judged, since full falls late and a fast reader may have read everything by then. After
// a reset of one side alone nothing is judged until both are in reset.
`default_nettype none

module check_fifo_flags_two_clocks #(
    parameter DEPTH = 0    // 0: not known
) (
    input  logic wr_clk,
    input  logic rd_clk,
    input  logic rst,
    input  logic some_in_reset,    // some of the design's resets, but not all
    input  logic all_in_reset,
    input  logic wr_en,
    input  logic rd_en,
    input  logic full,
    input  logic empty,
    output logic fail,
    output logic seen
);

    localparam [31:0] MOST = DEPTH;

    logic [31:0] written;
    logic [31:0] taken;
    logic [31:0] stored;
    logic        lost_in_writing;
    logic        lost_in_reading;
    logic        known;
    logic        judged;
    logic        early;
    logic        late;

`ifdef __ICARUS__
    assign known = ^{full, empty} !== 1'bx;
`else
    assign known = 1'b1;
`endif

    assign judged = !rst && known && !lost_in_writing && !lost_in_reading;
    assign stored = written - taken;
    assign early  = stored == 32'd0 && !empty;
    assign late   = MOST != 32'd0 && stored == MOST && !full;
    assign seen   = judged && stored != 32'd0;
    assign fail   = judged && (early || late);

    always @(posedge wr_clk) begin
        lost_in_writing <= some_in_reset || (lost_in_writing && !all_in_reset);
    end

    always @(posedge rd_clk) begin
        lost_in_reading <= some_in_reset || (lost_in_reading && !all_in_reset);
    end

    // The reset clears both counts in any tick in which it is active, whichever clock ends that tick.
    always @(posedge wr_clk or posedge rst) begin
        if (rst) begin
            written <= 32'd0;
        end else if (known && wr_en === 1'b1 && !full) begin
            written <= written + 32'd1;
        end
    end

    always @(posedge rd_clk or posedge rst) begin
        if (rst) begin
            taken <= 32'd0;
        end else if (known && rd_en === 1'b1 && !empty) begin
            taken <= taken + 32'd1;
        end
    end

    initial begin
        lost_in_writing = 1'b0;
        lost_in_reading = 1'b0;
        written         = 32'd0;
        taken           = 32'd0;
    end

endmodule

`default_nettype wire
