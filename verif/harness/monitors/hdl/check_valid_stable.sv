// Once valid is 1 it stays 1, with its payload unchanged, until a cycle in which ready is 1 too.
// AMBA AXI4-Stream 2.2.1, AMBA AXI A3.2.1. Not judged within SETTLES cycles of a change of the settings.
`default_nettype none

module check_valid_stable #(
    parameter WIDTH = 1,                // bits of the payload
    parameter [WIDTH-1:0] FIRST = 1,    // marks the lowest bit of each port in the payload
    parameter SETTING_WIDTH = 1,        // bits of the settings
    parameter SETTLES = 0               // at most 7
) (
    input  logic                     clk,
    input  logic                     rst,
    input  logic                     valid,
    input  logic                     ready,
    input  logic [WIDTH-1:0]         payload,
    input  logic [SETTING_WIDTH-1:0] settings,
    output logic                     fail,
    output logic                     seen
);

    localparam [2:0] ENOUGH = SETTLES[2:0];

    logic [WIDTH-1:0]         shown;
    logic [WIDTH-1:0]         held;
    logic [SETTING_WIDTH-1:0] set_to;
    logic [2:0]               settled;
    logic [2:0]               settled_now;
    logic                     offered;
    logic                     started;
    logic                     offers;
    logic                     judged;

`ifdef __ICARUS__
    // A port with an unknown bit is unknown as a whole, and stays what it was while it stays unknown.
    integer index;
    integer place;
    integer top;
    logic   unknown;
    always @* begin
        shown   = payload;
        top     = WIDTH - 1;
        unknown = 1'b0;
        for (index = WIDTH - 1; index >= 0; index = index - 1) begin
            unknown = unknown || payload[index] === 1'bx || payload[index] === 1'bz;
            if (FIRST[index]) begin
                for (place = index; place <= top; place = place + 1) begin
                    if (unknown) begin
                        shown[place] = 1'bx;
                    end
                end
                top     = index - 1;
                unknown = 1'b0;
            end
        end
    end
`else
    assign shown = payload;
    wire unused = ^FIRST;
`endif

    assign offers = valid === 1'b1 && ready === 1'b0;
    assign judged = offered && settled_now == ENOUGH;
    assign seen   = !rst && judged;
    assign fail   = !rst && judged && (valid !== 1'b1 || shown !== held);

    always @* begin
        settled_now = settled;
        if (!started || settings != set_to) begin
            settled_now = 3'd0;
        end else if (settled != ENOUGH) begin
            settled_now = settled + 3'd1;
        end
    end

    always @(posedge clk) begin
        started <= !rst;
        offered <= !rst && offers;
        settled <= settled_now;
        set_to  <= settings;
        held    <= shown;
    end

    initial begin
        started = 1'b0;
        offered = 1'b0;
    end

endmodule

`default_nettype wire
