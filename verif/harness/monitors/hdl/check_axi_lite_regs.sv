// Reference model of a register file behind an AXI4-Lite target: all channels, the registers' outputs, the interrupt.
// One address and one data word of a write are held until it is executed; a read is answered in the next cycle.
// Flags are set by event_in and cleared by writing 1; irq is 1 while a flag and its bit in control are.
`default_nettype none

module check_axi_lite_regs #(
    parameter COUNT = 1,                         // registers
    parameter [32*COUNT-1:0] ADDRESSES = 0,      // the first register lowest
    parameter [2*COUNT-1:0] ACCESS = 0,          // 0 read only, 1 shows status_in, 2 read and write, 3 write 1 to clear
    parameter [32*COUNT-1:0] VALUES = 0,         // after reset
    parameter CONTROL = 0,                       // the register that goes to control_out
    parameter FLAGS = 0,
    parameter [31:0] FLAG_MASK = 0
) (
    input  logic        clk,
    input  logic        rst,
    input  logic [31:0] awaddr,
    input  logic        awvalid,
    input  logic [31:0] wdata,
    input  logic [3:0]  wstrb,
    input  logic        wvalid,
    input  logic        bready,
    input  logic [31:0] araddr,
    input  logic        arvalid,
    input  logic        rready,
    input  logic [31:0] status_in,
    input  logic [31:0] event_in,
    input  logic        awready,
    input  logic        wready,
    input  logic [1:0]  bresp,
    input  logic        bvalid,
    input  logic        arready,
    input  logic [31:0] rdata,
    input  logic [1:0]  rresp,
    input  logic        rvalid,
    input  logic [31:0] control_out,
    input  logic        irq,
    output logic        fail,
    output logic        seen
);

    localparam [1:0] OKAY = 2'd0, SLVERR = 2'd2;
    localparam [1:0] SHOWS = 2'd1, WRITES = 2'd2, CLEARS = 2'd3;

    logic [32*COUNT-1:0] readable;        // what a read of each register gives, 0 where it is not the one that is read
    logic [COUNT-1:0]    is_read;
    logic [COUNT-1:0]    is_written;
    logic [COUNT-1:0]    clears;
    logic [31:0]         address;
    logic                has_address;
    logic [31:0]         data;
    logic [3:0]          strobes;
    logic                has_data;
    logic                answers_write;
    logic [1:0]          write_response;
    logic                answers_read;
    logic [1:0]          read_response;
    logic [31:0]         read_data;
    logic                executes;
    logic [31:0]         mask;
    logic [31:0]         cleared;
    logic [31:0]         read_word;
    logic [31:0]         control;
    logic [31:0]         flags;
    integer              index;

    assign executes = has_address && has_data && (!answers_write || bready);
    assign mask     = {{8{strobes[3]}}, {8{strobes[2]}}, {8{strobes[1]}}, {8{strobes[0]}}};
    assign cleared  = executes && |clears ? data & mask : 32'd0;

    genvar which;
    generate
        for (which = 0; which < COUNT; which = which + 1) begin : g_register
            logic [31:0] value;
            logic [31:0] written;

            assign is_written[which] = ADDRESSES[32*which+:32] == address;
            assign is_read[which]    = ADDRESSES[32*which+:32] == {araddr[31:2], 2'b00};
            assign clears[which]     = is_written[which] && ACCESS[2*which+:2] == CLEARS;
            assign written = executes && is_written[which] && ACCESS[2*which+:2] == WRITES
                ? (value & ~mask) | (data & mask) : value;
            assign readable[32*which+:32] = !is_read[which] ? 32'd0
                : ACCESS[2*which+:2] == SHOWS ? status_in : value;

            always @(posedge clk) begin
                if (rst) begin
                    value <= VALUES[32*which+:32];
                end else if (which == FLAGS) begin
                    value <= ((written & ~cleared) | event_in) & FLAG_MASK;
                end else begin
                    value <= written;
                end
            end

            initial value = VALUES[32*which+:32];
        end
    endgenerate

    assign control = g_register[CONTROL].value;
    assign flags   = g_register[FLAGS].value;

    always @* begin
        read_word = 32'd0;
        for (index = 0; index < COUNT; index = index + 1) begin
            read_word = read_word | readable[32*index+:32];
        end
    end

    assign seen = !rst;
    assign fail = !rst && (
        awready !== !has_address
        || wready !== !has_data
        || bvalid !== answers_write
        || (answers_write && bresp !== write_response)
        || arready !== !answers_read
        || rvalid !== answers_read
        || (answers_read && (rdata !== read_data || rresp !== read_response))
        || control_out !== control
        || irq !== |(control & flags)
    );

    always @(posedge clk) begin
        if (!has_address) begin
            address <= {awaddr[31:2], 2'b00};
        end
        if (!has_data) begin
            data    <= wdata;
            strobes <= wstrb;
        end
        if (!answers_read) begin
            read_data     <= read_word;
            read_response <= |is_read ? OKAY : SLVERR;
        end
        if (executes) begin
            write_response <= |is_written ? OKAY : SLVERR;
        end
        if (rst) begin
            has_address   <= 1'b0;
            has_data      <= 1'b0;
            answers_write <= 1'b0;
            answers_read  <= 1'b0;
        end else begin
            has_address   <= has_address ? !executes : awvalid;
            has_data      <= has_data ? !executes : wvalid;
            answers_write <= executes || (answers_write && !bready);
            answers_read  <= answers_read ? !rready : arvalid;
        end
    end

    initial begin
        has_address   = 1'b0;
        has_data      = 1'b0;
        answers_write = 1'b0;
        answers_read  = 1'b0;
    end

    wire unused = ^{awaddr[1:0], araddr[1:0]};

endmodule

`default_nettype wire
