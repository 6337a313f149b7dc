// Bug, breaks R4: the prescaler waits for equality, so when PRESCALE is lowered below its count it runs through its whole range first.
// APB3 down-counting timer with prescaler, periodic and one-shot mode and interrupt.
`default_nettype none

module apb_timer #(
    parameter WIDTH = 8,                           // bits of the counter, 1 to 31
    parameter PRESCALE_WIDTH = 4                   // bits of the prescaler, 1 to 31
) (
    input  logic        pclk,
    input  logic        presetn,
    input  logic        psel,
    input  logic        penable,
    input  logic        pwrite,
    input  logic [7:0]  paddr,
    input  logic [31:0] pwdata,
    output logic [31:0] prdata,
    output logic        pready,
    output logic        pslverr,
    output logic        irq
);

    localparam logic [7:0] ADDR_CTRL     = 8'h00;
    localparam logic [7:0] ADDR_LOAD     = 8'h04;
    localparam logic [7:0] ADDR_VALUE    = 8'h08;
    localparam logic [7:0] ADDR_STATUS   = 8'h0C;
    localparam logic [7:0] ADDR_PRESCALE = 8'h10;

    logic                      enable;
    logic                      periodic;
    logic                      irq_enable;
    logic [WIDTH-1:0]          load;
    logic [WIDTH-1:0]          value;
    logic                      expired;
    logic [PRESCALE_WIDTH-1:0] prescale;
    logic [PRESCALE_WIDTH-1:0] prescale_count;

    logic access;
    logic write;
    logic write_load;
    logic tick;
    logic expiry;
    logic mapped;
    logic unused;

    assign access     = psel && penable;
    assign write      = access && pwrite;
    assign write_load = write && (paddr == ADDR_LOAD);
    assign tick       = enable && (prescale_count == prescale) && !write_load;
    assign expiry     = tick && (value == '0);
    assign unused     = &{1'b0, pwdata};

    assign pready  = 1'b1;
    assign pslverr = access && !mapped;
    assign irq     = expired && irq_enable;

    always_comb begin
        prdata = '0;
        mapped = 1'b1;
        case (paddr)
            ADDR_CTRL:     prdata = {29'b0, irq_enable, periodic, enable};
            ADDR_LOAD:     prdata = {{(32-WIDTH){1'b0}}, load};
            ADDR_VALUE:    prdata = {{(32-WIDTH){1'b0}}, value};
            ADDR_STATUS:   prdata = {31'b0, expired};
            ADDR_PRESCALE: prdata = {{(32-PRESCALE_WIDTH){1'b0}}, prescale};
            default:       mapped = 1'b0;
        endcase
        if (!access || pwrite) begin
            prdata = '0;
        end
    end

    // Bus writes come last: they win over what the timer does at the same edge, except for the expired flag.
    always_ff @(posedge pclk or negedge presetn) begin
        if (!presetn) begin
            enable         <= 1'b0;
            periodic       <= 1'b0;
            irq_enable     <= 1'b0;
            load           <= '0;
            value          <= '0;
            expired        <= 1'b0;
            prescale       <= '0;
            prescale_count <= '0;
        end else begin
            prescale_count <= (!enable || tick || write_load) ? '0 : prescale_count + 1'b1;
            if (expiry) begin
                value  <= periodic ? load : '0;
                enable <= periodic;
            end else if (tick) begin
                value <= value - 1'b1;
            end
            if (write) begin
                case (paddr)
                    ADDR_CTRL: {irq_enable, periodic, enable} <= pwdata[2:0];
                    ADDR_LOAD: begin
                        load  <= pwdata[WIDTH-1:0];
                        value <= pwdata[WIDTH-1:0];
                    end
                    ADDR_STATUS: expired <= expired && !pwdata[0];
                    ADDR_PRESCALE: prescale <= pwdata[PRESCALE_WIDTH-1:0];
                    default: ;
                endcase
            end
            if (expiry) begin
                expired <= 1'b1;
            end
        end
    end

endmodule

`default_nettype wire
