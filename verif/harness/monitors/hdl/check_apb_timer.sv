// Reference model of a timer on an APB bus: bus answers and interrupt of a down counter with prescaler, one-shot and
// periodic mode. CTRL (0 ENABLE, 1 PERIODIC, 2 IRQ_ENABLE), LOAD, VALUE (read only), STATUS (0 EXPIRED, cleared by
// writing 1), PRESCALE. A write to LOAD sets VALUE too and begins a new prescaler interval. The target never waits.
`default_nettype none

module check_apb_timer #(
    parameter WIDTH = 8,
    parameter PRESCALE_WIDTH = 4,
    parameter DATA_WIDTH = 32,              // of the bus; at least WIDTH, PRESCALE_WIDTH and 3
    parameter ADDRESS_WIDTH = 5,
    parameter [ADDRESS_WIDTH-1:0] CTRL = 0,
    parameter [ADDRESS_WIDTH-1:0] LOAD = 4,
    parameter [ADDRESS_WIDTH-1:0] VALUE = 8,
    parameter [ADDRESS_WIDTH-1:0] STATUS = 12,
    parameter [ADDRESS_WIDTH-1:0] PRESCALE = 16,
    parameter [3:0] CHECKED = 4'hf          // outputs that are compared, prdata first
) (
    input  logic                     clk,
    input  logic                     rst,
    input  logic                     psel,
    input  logic                     penable,
    input  logic                     pwrite,
    input  logic [ADDRESS_WIDTH-1:0] paddr,
    input  logic [DATA_WIDTH-1:0]    pwdata,
    input  logic [DATA_WIDTH-1:0]    prdata,
    input  logic                     pready,
    input  logic                     pslverr,
    input  logic                     irq,
    output logic                     fail,
    output logic                     seen
);

    logic [2:0]                ctrl;
    logic [WIDTH-1:0]          load;
    logic [WIDTH-1:0]          value;
    logic                      status;
    logic [PRESCALE_WIDTH-1:0] prescale;
    logic [PRESCALE_WIDTH-1:0] prescaler;
    logic                      access;
    logic                      exists;
    logic                      write;
    logic [DATA_WIDTH-1:0]     word;
    logic                      tick;
    logic                      expiry;

    assign access = psel && penable;
    assign write  = access && pwrite;
    assign tick   = ctrl[0] && !(prescaler < prescale) && !(write && paddr == LOAD);
    assign expiry = tick && value == {WIDTH{1'b0}};

    always @* begin
        exists = 1'b1;
        word   = {DATA_WIDTH{1'b0}};
        case (paddr)
            CTRL:     word[2:0] = ctrl;
            LOAD:     word[WIDTH-1:0] = load;
            VALUE:    word[WIDTH-1:0] = value;
            STATUS:   word[0] = status;
            PRESCALE: word[PRESCALE_WIDTH-1:0] = prescale;
            default:  exists = 1'b0;
        endcase
    end

    assign seen = !rst;
    assign fail = !rst && (
        (CHECKED[0] && prdata !== (access && !pwrite ? word : {DATA_WIDTH{1'b0}}))
        || (CHECKED[1] && pready !== 1'b1)
        || (CHECKED[2] && pslverr !== (access && !exists))
        || (CHECKED[3] && irq !== (status && ctrl[2]))
    );

    // A write to CTRL or LOAD wins over the counter, an expiry over the clearing of STATUS.
    always @(posedge clk) begin
        if (rst) begin
            ctrl      <= 3'd0;
            load      <= {WIDTH{1'b0}};
            value     <= {WIDTH{1'b0}};
            status    <= 1'b0;
            prescale  <= {PRESCALE_WIDTH{1'b0}};
            prescaler <= {PRESCALE_WIDTH{1'b0}};
        end else begin
            prescaler <= prescaler + 1'b1;
            if (tick || !ctrl[0] || (write && paddr == LOAD)) begin
                prescaler <= {PRESCALE_WIDTH{1'b0}};
            end
            if (write && paddr == STATUS) begin
                status <= status && !pwdata[0];
            end
            if (expiry) begin
                status <= 1'b1;
                if (ctrl[1]) begin
                    value <= load;
                end else begin
                    ctrl[0] <= 1'b0;
                end
            end else if (tick) begin
                value <= value - 1'b1;
            end
            if (write && paddr == CTRL) begin
                ctrl <= pwdata[2:0];
            end
            if (write && paddr == LOAD) begin
                load  <= pwdata[WIDTH-1:0];
                value <= pwdata[WIDTH-1:0];
            end
            if (write && paddr == PRESCALE) begin
                prescale <= pwdata[PRESCALE_WIDTH-1:0];
            end
        end
    end

    initial begin
        ctrl      = 3'd0;
        load      = {WIDTH{1'b0}};
        value     = {WIDTH{1'b0}};
        status    = 1'b0;
        prescale  = {PRESCALE_WIDTH{1'b0}};
        prescaler = {PRESCALE_WIDTH{1'b0}};
    end

    wire unused = ^pwdata;

endmodule

`default_nettype wire
