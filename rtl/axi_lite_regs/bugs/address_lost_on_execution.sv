// Bug, breaks R2: an address that is offered in the cycle in which a write is executed is taken and forgotten.
// AXI4-Lite register file: identification, control, status, scratch and event flags with interrupt.
`default_nettype none

module axi_lite_regs #(
    parameter logic [31:0] ID_VALUE = 32'h50450001
) (
    input  logic        aclk,
    input  logic        aresetn,
    input  logic [5:0]  s_axil_awaddr,
    input  logic [2:0]  s_axil_awprot,
    input  logic        s_axil_awvalid,
    output logic        s_axil_awready,
    input  logic [31:0] s_axil_wdata,
    input  logic [3:0]  s_axil_wstrb,
    input  logic        s_axil_wvalid,
    output logic        s_axil_wready,
    output logic [1:0]  s_axil_bresp,
    output logic        s_axil_bvalid,
    input  logic        s_axil_bready,
    input  logic [5:0]  s_axil_araddr,
    input  logic [2:0]  s_axil_arprot,
    input  logic        s_axil_arvalid,
    output logic        s_axil_arready,
    output logic [31:0] s_axil_rdata,
    output logic [1:0]  s_axil_rresp,
    output logic        s_axil_rvalid,
    input  logic        s_axil_rready,
    input  logic [31:0] status_in,
    input  logic [7:0]  event_in,
    output logic [31:0] control_out,
    output logic        irq
);

    localparam logic [3:0] REG_ID      = 4'd0;
    localparam logic [3:0] REG_CONTROL = 4'd1;
    localparam logic [3:0] REG_STATUS  = 4'd2;
    localparam logic [3:0] REG_SCRATCH = 4'd3;
    localparam logic [3:0] REG_FLAGS   = 4'd4;
    localparam logic [3:0] REG_LAST    = 4'd4;

    localparam logic [1:0] OKAY   = 2'b00;
    localparam logic [1:0] SLVERR = 2'b10;

    logic        aw_held;
    logic [3:0]  aw_reg;
    logic        w_held;
    logic [31:0] w_data;
    logic [3:0]  w_strb;
    logic        execute;
    logic [31:0] w_mask;
    logic [7:0]  flags;
    logic [7:0]  flags_cleared;
    logic [31:0] scratch;
    logic [3:0]  ar_reg;
    logic [31:0] read_value;
    logic        unused;

    assign unused = &{1'b0, s_axil_awprot, s_axil_arprot, s_axil_awaddr[1:0], s_axil_araddr[1:0]};

    assign s_axil_awready = !aw_held || execute;
    assign s_axil_wready  = !w_held;
    assign s_axil_arready = !s_axil_rvalid;

    assign execute       = aw_held && w_held && (!s_axil_bvalid || s_axil_bready);
    assign w_mask        = {{8{w_strb[3]}}, {8{w_strb[2]}}, {8{w_strb[1]}}, {8{w_strb[0]}}};
    assign flags_cleared = (execute && (aw_reg == REG_FLAGS)) ? (w_data[7:0] & w_mask[7:0]) : '0;
    assign ar_reg        = s_axil_araddr[5:2];
    assign irq           = (flags & control_out[7:0]) != '0;

    always_comb begin
        case (ar_reg)
            REG_ID:      read_value = ID_VALUE;
            REG_CONTROL: read_value = control_out;
            REG_STATUS:  read_value = status_in;
            REG_SCRATCH: read_value = scratch;
            REG_FLAGS:   read_value = {24'b0, flags};
            default:     read_value = '0;
        endcase
    end

    // Write side: address and data are held until both are there and the response has room.
    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            aw_held       <= 1'b0;
            aw_reg        <= '0;
            w_held        <= 1'b0;
            w_data        <= '0;
            w_strb        <= '0;
            s_axil_bvalid <= 1'b0;
            s_axil_bresp  <= OKAY;
        end else begin
            if (s_axil_awvalid && s_axil_awready) begin
                aw_held <= 1'b1;
                aw_reg  <= s_axil_awaddr[5:2];
            end
            if (s_axil_wvalid && s_axil_wready) begin
                w_held <= 1'b1;
                w_data <= s_axil_wdata;
                w_strb <= s_axil_wstrb;
            end
            if (execute) begin
                aw_held       <= 1'b0;
                w_held        <= 1'b0;
                s_axil_bvalid <= 1'b1;
                s_axil_bresp  <= (aw_reg > REG_LAST) ? SLVERR : OKAY;
            end else if (s_axil_bready) begin
                s_axil_bvalid <= 1'b0;
            end
        end
    end

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            control_out <= '0;
            scratch     <= '0;
            flags       <= '0;
        end else begin
            if (execute && (aw_reg == REG_CONTROL)) begin
                control_out <= (control_out & ~w_mask) | (w_data & w_mask);
            end
            if (execute && (aw_reg == REG_SCRATCH)) begin
                scratch <= (scratch & ~w_mask) | (w_data & w_mask);
            end
            flags <= (flags & ~flags_cleared) | event_in;
        end
    end

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            s_axil_rvalid <= 1'b0;
            s_axil_rdata  <= '0;
            s_axil_rresp  <= OKAY;
        end else if (s_axil_rvalid) begin
            s_axil_rvalid <= !s_axil_rready;
        end else if (s_axil_arvalid) begin
            s_axil_rvalid <= 1'b1;
            s_axil_rdata  <= read_value;
            s_axil_rresp  <= (ar_reg > REG_LAST) ? SLVERR : OKAY;
        end
    end

endmodule

`default_nettype wire
