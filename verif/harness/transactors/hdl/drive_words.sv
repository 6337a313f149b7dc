// A small memory that remembers the words it was asked for last: the same address gives the same word, and what was
// written is read again. A word that it doesn't know is made_up, from then on remembered; its unwritten bytes are 0.
`default_nettype none

module drive_words #(
    parameter ADDR_WIDTH = 8,
    parameter DATA_WIDTH = 32,
    parameter LANES = 4,          // bytes of a word
    parameter SHIFT = 2,          // address bits within a word
    parameter PLACE_BITS = 4      // 2**PLACE_BITS words are remembered; at most ADDR_WIDTH
) (
    input  logic                  clk,
    input  logic                  rst,
    input  logic                  read,
    input  logic [ADDR_WIDTH-1:0] read_addr,
    input  logic [DATA_WIDTH-1:0] made_up,
    output logic [DATA_WIDTH-1:0] word,
    input  logic                  write,
    input  logic [ADDR_WIDTH-1:0] write_addr,
    input  logic [DATA_WIDTH-1:0] write_data,
    input  logic [LANES-1:0]      write_lanes
);

    localparam PLACES = 1 << PLACE_BITS;

    logic [DATA_WIDTH-1:0] words [0:PLACES-1];
    logic [ADDR_WIDTH-1:0] owner [0:PLACES-1];    // the word's number
    logic [PLACES-1:0]     known;

    logic [ADDR_WIDTH-1:0] read_word, write_word;
    logic [PLACE_BITS-1:0] read_place, write_place;
    logic                  read_known, write_known, same;
    logic [DATA_WIDTH-1:0] data, old_word, new_word;
    logic [LANES*8-1:0]    mask;

    // An unknown bit of the design counts as 0.
`ifdef __ICARUS__
    logic [ADDR_WIDTH-1:0] sure_read, sure_write;
    genvar place;
    generate
        for (place = 0; place < ADDR_WIDTH; place = place + 1) begin : g_addr
            assign sure_read[place]  = read_addr[place] === 1'b1;
            assign sure_write[place] = write_addr[place] === 1'b1;
        end
        for (place = 0; place < DATA_WIDTH; place = place + 1) begin : g_data
            assign data[place] = write_data[place] === 1'b1;
        end
    endgenerate
    assign read_word  = sure_read >> SHIFT;
    assign write_word = sure_write >> SHIFT;
`else
    assign data       = write_data;
    assign read_word  = read_addr >> SHIFT;
    assign write_word = write_addr >> SHIFT;
`endif

    assign read_place  = read_word[PLACE_BITS-1:0];
    assign write_place = write_word[PLACE_BITS-1:0];
    assign read_known  = known[read_place] && owner[read_place] == read_word;
    assign write_known = known[write_place] && owner[write_place] == write_word;
    assign same        = read && read_word == write_word;

    assign word     = read_known ? words[read_place] : made_up;
    assign old_word = same ? word : write_known ? words[write_place] : {DATA_WIDTH{1'b0}};
    assign new_word = (data & mask[DATA_WIDTH-1:0]) | (old_word & ~mask[DATA_WIDTH-1:0]);

    genvar lane;
    generate
        for (lane = 0; lane < LANES; lane = lane + 1) begin : g_mask
            assign mask[8*lane +: 8] = {8{write_lanes[lane] === 1'b1}};
        end
    endgenerate

    always @(posedge clk) begin
        if (read) begin
            words[read_place] <= word;
            owner[read_place] <= read_word;
        end
        if (write) begin
            words[write_place] <= new_word;
            owner[write_place] <= write_word;
        end
        if (rst) begin
            known <= {PLACES{1'b0}};
        end else begin
            if (read) begin
                known[read_place] <= 1'b1;
            end
            if (write) begin
                known[write_place] <= 1'b1;
            end
        end
    end

    initial begin
        known = {PLACES{1'b0}};
    end

endmodule

`default_nettype wire
