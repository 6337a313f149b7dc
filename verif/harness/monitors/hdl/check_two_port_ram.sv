// Reference model of a RAM with a write port and a read port on one clock: read data is a register.
// Reset clears all words. After a cycle without read it is IDLE, or stays where HAS_IDLE is 0. A read of the address that
// is written at the same edge, or of one beyond the words, may give anything.
`default_nettype none

module check_two_port_ram #(
    parameter ADDRESS_WIDTH = 4,
    parameter WIDTH = 8,
    parameter COUNT = 16,                       // words, at most 2**ADDRESS_WIDTH
    parameter HAS_IDLE = 0,
    parameter [WIDTH-1:0] IDLE = 0
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             write_en,
    input  logic [ADDRESS_WIDTH-1:0] write_addr,
    input  logic [WIDTH-1:0] write_data,
    input  logic             read_en,
    input  logic [ADDRESS_WIDTH-1:0] read_addr,
    input  logic [WIDTH-1:0] read_data,
    output logic             fail,
    output logic             seen
);

    localparam SIZE = 1 << ADDRESS_WIDTH;
    localparam [ADDRESS_WIDTH:0] MOST = COUNT;

    logic [WIDTH-1:0] words [0:SIZE-1];
    logic [SIZE-1:0]  written;          // since the last reset; other words are 0
    logic [WIDTH-1:0] word;
    logic             open;
    logic             known;
    logic [WIDTH-1:0] shown;

    assign word = written[read_addr] ? words[read_addr] : {WIDTH{1'b0}};
    assign open = {1'b0, read_addr} >= MOST || (write_en && write_addr == read_addr);
    assign seen = !rst && known;
    assign fail = !rst && known && read_data !== shown;

    always @(posedge clk) begin
        if (write_en) begin
            words[write_addr] <= write_data;
        end
        if (rst) begin
            written <= {SIZE{1'b0}};
            known   <= 1'b1;
            shown   <= {WIDTH{1'b0}};
        end else begin
            if (write_en) begin
                written[write_addr] <= 1'b1;
            end
            if (read_en) begin
                known <= !open;
                shown <= word;
            end else if (HAS_IDLE != 0) begin
                known <= 1'b1;
                shown <= IDLE;
            end
        end
    end

    initial begin
        written = {SIZE{1'b0}};
        known   = 1'b1;
        shown   = {WIDTH{1'b0}};
    end

endmodule

`default_nettype wire
