// Reference model of a FIFO between two clocks: each side sees the other's count through a chain of STAGES registers.
// The oldest word is on rd_data while empty is 0, and IDLE_DATA (where it HAS_IDLE_DATA) while it is 1. A write while
// full and a read while empty do nothing. After a reset of one side alone nothing is judged until both are in reset.
`default_nettype none

module check_async_fifo #(
    parameter WIDTH = 8,
    parameter ADDRESS_WIDTH = 3,    // 2**ADDRESS_WIDTH words fit
    parameter STAGES = 2,
    parameter HAS_IDLE_DATA = 0,
    parameter [WIDTH-1:0] IDLE_DATA = 0
) (
    input  logic             wr_clk,
    input  logic             rd_clk,
    input  logic             rst,
    input  logic             one_in_reset,     // just one of the two
    input  logic             both_in_reset,
    input  logic             wr_en,
    input  logic [WIDTH-1:0] wr_data,
    input  logic             rd_en,
    input  logic             full,
    input  logic             empty,
    input  logic [WIDTH-1:0] rd_data,
    output logic             fail,
    output logic             seen
);

    localparam COUNT = ADDRESS_WIDTH + 1;

    logic [WIDTH-1:0]        words [0:(1 << ADDRESS_WIDTH) - 1];
    logic [COUNT-1:0]        written;
    logic [COUNT*STAGES-1:0] reads_seen;     // the latest lowest
    logic [COUNT-1:0]        taken;
    logic [COUNT*STAGES-1:0] writes_seen;
    logic                    lost_in_writing;
    logic                    lost_in_reading;
    logic                    lost;
    logic                    is_full;
    logic                    is_empty;
    logic                    shows;
    logic [WIDTH-1:0]        shown;

    assign is_full  = written - reads_seen[COUNT*STAGES-1-:COUNT] == {1'b1, {ADDRESS_WIDTH{1'b0}}};
    assign is_empty = taken == writes_seen[COUNT*STAGES-1-:COUNT];
    assign shows    = !is_empty || HAS_IDLE_DATA != 0;
    assign shown    = is_empty ? IDLE_DATA : words[taken[ADDRESS_WIDTH-1:0]];
    assign seen     = !rst && !lost;
    assign fail     = !rst && !lost
        && (full !== is_full || empty !== is_empty || (shows && rd_data !== shown));

    assign lost     = lost_in_writing || lost_in_reading;

    always @(posedge wr_clk) begin
        lost_in_writing <= one_in_reset || (lost_in_writing && !both_in_reset);
    end

    always @(posedge rd_clk) begin
        lost_in_reading <= one_in_reset || (lost_in_reading && !both_in_reset);
    end

    always @(posedge wr_clk) begin
        if (wr_en && !is_full) begin
            words[written[ADDRESS_WIDTH-1:0]] <= wr_data;
        end
    end

    always @(posedge wr_clk or posedge rst) begin
        if (rst) begin
            written    <= {COUNT{1'b0}};
            reads_seen <= {(COUNT * STAGES) {1'b0}};
        end else begin
            written    <= wr_en && !is_full ? written + 1'b1 : written;
            reads_seen <= {reads_seen[COUNT*(STAGES-1)-1:0], taken};
        end
    end

    always @(posedge rd_clk or posedge rst) begin
        if (rst) begin
            taken       <= {COUNT{1'b0}};
            writes_seen <= {(COUNT * STAGES) {1'b0}};
        end else begin
            taken       <= rd_en && !is_empty ? taken + 1'b1 : taken;
            writes_seen <= {writes_seen[COUNT*(STAGES-1)-1:0], written};
        end
    end

    initial begin
        lost_in_writing = 1'b0;
        lost_in_reading = 1'b0;
        written         = {COUNT{1'b0}};
        reads_seen      = {(COUNT * STAGES) {1'b0}};
        taken           = {COUNT{1'b0}};
        writes_seen     = {(COUNT * STAGES) {1'b0}};
    end

endmodule

`default_nettype wire
