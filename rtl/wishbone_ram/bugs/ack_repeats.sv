// Bug, breaks R2: the acknowledge stays while the strobe stays, so one request is done twice.
// Wishbone B4 classic RAM with byte selects and registered acknowledge.
`default_nettype none

module wishbone_ram #(
    parameter ADDR_WIDTH = 6                       // address bits; the RAM has 2^ADDR_WIDTH words of 32 bits
) (
    input  logic                  wb_clk_i,
    input  logic                  wb_rst_i,
    input  logic                  wb_cyc_i,
    input  logic                  wb_stb_i,
    input  logic                  wb_we_i,
    input  logic [3:0]            wb_sel_i,
    input  logic [ADDR_WIDTH-1:0] wb_adr_i,
    input  logic [31:0]           wb_dat_i,
    output logic [31:0]           wb_dat_o,
    output logic                  wb_ack_o
);

    localparam WORDS = 1 << ADDR_WIDTH;

    logic [31:0] mem [WORDS];
    logic        request;
    logic [31:0] mask;
    logic [31:0] word;

    assign request = wb_cyc_i && wb_stb_i && !wb_rst_i;
    assign mask    = {{8{wb_sel_i[3]}}, {8{wb_sel_i[2]}}, {8{wb_sel_i[1]}}, {8{wb_sel_i[0]}}};
    assign word    = mem[wb_adr_i];

    initial begin
        for (int i = 0; i < WORDS; i++) begin
            mem[i] = '0;
        end
    end

    always_ff @(posedge wb_clk_i) begin
        if (request && wb_we_i) begin
            mem[wb_adr_i] <= (word & ~mask) | (wb_dat_i & mask);
        end
    end

    always_ff @(posedge wb_clk_i) begin
        if (wb_rst_i) begin
            wb_ack_o <= 1'b0;
            wb_dat_o <= '0;
        end else begin
            wb_ack_o <= request;
            if (request && !wb_we_i) begin
                wb_dat_o <= word;
            end
        end
    end

endmodule

`default_nettype wire
