// Hardware checkers of sync_fifo.
// verilator lint_off DECLFILENAME

// Reference model of a FIFO on one clock: flags, occupancy and read data in every cycle.
// A write while full and a read while empty do nothing. With SHOW_AHEAD the oldest word is on rd_data whenever the FIFO
// is not empty, and IDLE_DATA (where it HAS_IDLE_DATA) while it is; without it, a read puts the word there until the next.
`default_nettype none

module check_sync_fifo #(
    parameter DEPTH = 16,
    parameter ADDRESS_WIDTH = 4,                    // 2**ADDRESS_WIDTH is at least DEPTH
    parameter WIDTH = 8,                            // of wr_data and rd_data, whatever theirs is
    parameter [WIDTH-1:0] MASK = {WIDTH{1'b1}},     // the bits of a word that are kept
    parameter SHOW_AHEAD = 1,
    parameter HAS_IDLE_DATA = 0,
    parameter [WIDTH-1:0] IDLE_DATA = 0,
    parameter ALMOST_FULL = 1,
    parameter ALMOST_EMPTY = 0,
    parameter WRITE_WHEN_FULL_AND_READ = 0,
    parameter [10:0] CHECKED = 11'h7ff              // outputs that are compared, rd_data first
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             wr_en,
    input  logic [WIDTH-1:0] wr_data,
    input  logic             rd_en,
    input  logic [WIDTH-1:0] rd_data,
    input  logic             full,
    input  logic             empty,
    input  logic [31:0]      level,
    input  logic [31:0]      free,
    input  logic             valid,
    input  logic             ready,
    input  logic             overflow,
    input  logic             underflow,
    input  logic             almost_full,
    input  logic             almost_empty,
    output logic             fail,
    output logic             seen
);

    localparam [31:0] MOST = DEPTH;
    localparam [31:0] FULLISH = ALMOST_FULL;
    localparam [31:0] EMPTYISH = ALMOST_EMPTY;

    logic [WIDTH-1:0]         words [0:(1 << ADDRESS_WIDTH) - 1];
    logic [ADDRESS_WIDTH-1:0] oldest;
    logic [ADDRESS_WIDTH-1:0] newest;
    logic [31:0]              stored;
    logic [WIDTH-1:0]         last_read;
    logic                     was_read;
    logic                     overflowed;
    logic                     underflowed;
    logic                     is_full;
    logic                     is_empty;
    logic                     pops;
    logic                     room;
    logic [WIDTH-1:0]         shown;
    logic                     shows;

    assign is_full  = stored == MOST;
    assign is_empty = stored == 32'd0;
    assign pops     = rd_en && !is_empty;
    assign room     = !is_full || (pops && WRITE_WHEN_FULL_AND_READ != 0);

    generate
        if (SHOW_AHEAD != 0) begin : g_ahead
            wire unused  = ^{last_read, was_read};
            assign shows = !is_empty || HAS_IDLE_DATA != 0;
            assign shown = is_empty ? IDLE_DATA : words[oldest];
        end else begin : g_registered
            assign shows = was_read;
            assign shown = last_read;
        end
    endgenerate

    assign seen = !rst;
    assign fail = !rst && (
        (CHECKED[0] && shows && rd_data !== shown)
        || (CHECKED[1] && full !== is_full)
        || (CHECKED[2] && empty !== is_empty)
        || (CHECKED[3] && level !== stored)
        || (CHECKED[4] && free !== MOST - stored)
        || (CHECKED[5] && valid !== !is_empty)
        || (CHECKED[6] && ready !== !is_full)
        || (CHECKED[7] && overflow !== overflowed)
        || (CHECKED[8] && underflow !== underflowed)
        || (CHECKED[9] && almost_full !== (stored >= FULLISH))
        || (CHECKED[10] && almost_empty !== !(stored > EMPTYISH))
    );

    always @(posedge clk) begin
        if (wr_en && room) begin
            words[newest] <= wr_data & MASK;
        end
        if (pops) begin
            last_read <= words[oldest];
        end
        if (rst) begin
            oldest      <= {ADDRESS_WIDTH{1'b0}};
            newest      <= {ADDRESS_WIDTH{1'b0}};
            stored      <= 32'd0;
            was_read    <= 1'b0;
            overflowed  <= 1'b0;
            underflowed <= 1'b0;
        end else begin
            newest      <= wr_en && room ? newest + 1'b1 : newest;
            oldest      <= pops ? oldest + 1'b1 : oldest;
            stored      <= stored + {31'd0, wr_en && room} - {31'd0, pops};
            was_read    <= was_read || pops;
            overflowed  <= wr_en && !room;
            underflowed <= rd_en && !pops;
        end
    end

    initial begin
        oldest      = {ADDRESS_WIDTH{1'b0}};
        newest      = {ADDRESS_WIDTH{1'b0}};
        stored      = 32'd0;
        was_read    = 1'b0;
        overflowed  = 1'b0;
        underflowed = 1'b0;
    end

endmodule

`default_nettype wire

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
