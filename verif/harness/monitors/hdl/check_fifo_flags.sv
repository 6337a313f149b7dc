// A FIFO on one clock: never full and empty at once, empty whenever all words were read, full with DEPTH words inside.
// Full and empty at once is judged once full was 0. What a write into a full FIFO along with a read does, and a read
// from an empty one along with a write, differs between FIFOs: nothing is counted after one, until the next reset.
// An empty FIFO may show the word that is being written, and a full one may take one while it is read.
`default_nettype none

module check_fifo_flags #(
    parameter DEPTH = 0    // 0: not known
) (
    input  logic clk,
    input  logic rst,
    input  logic wr_en,
    input  logic rd_en,
    input  logic full,
    input  logic empty,
    output logic fail,
    output logic seen
);

    localparam [31:0] MOST = DEPTH;

    logic [31:0] stored;
    logic        counting;
    logic        was_open;
    logic        known;
    logic        both;
    logic        early;
    logic        late;
    logic        write;
    logic        read;

`ifdef __ICARUS__
    assign known = ^{full, empty} !== 1'bx;
`else
    assign known = 1'b1;
`endif

    assign both  = full && empty && was_open;
    assign early = counting && stored == 32'd0 && !empty && !write;
    assign late  = counting && MOST != 32'd0 && stored == MOST && !full && !read;
    assign write = wr_en === 1'b1 && !full;
    assign read  = rd_en === 1'b1 && !empty;
    assign seen  = !rst && known && counting && stored != 32'd0;
    assign fail  = !rst && known && (both || early || late);

    always @(posedge clk) begin
        if (rst) begin
            stored   <= 32'd0;
            counting <= 1'b1;
            was_open <= 1'b0;
        end else if (known && !both) begin
            stored   <= stored + {31'd0, write} - {31'd0, read};
            was_open <= was_open || !full;
            if (wr_en === 1'b1 && rd_en === 1'b1 && (full || empty)) begin
                counting <= 1'b0;
            end
        end
    end

    initial begin
        stored   = 32'd0;
        counting = 1'b1;
        was_open = 1'b0;
    end

endmodule

`default_nettype wire
