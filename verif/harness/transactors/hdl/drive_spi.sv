// Subordinate's side of SPI on miso: most significant bit first, the next bit at each edge that isn't sampled.
// With stim_noisy miso is stim_noise: only what the master samples counts.
`default_nettype none

module drive_spi #(
    parameter DATA_BITS = 8,
    parameter SHIFT_LEVEL = 0    // level of sclk after the edge at which the next bit is put out
) (
    input  logic                 clk,
    input  logic                 rst,
    input  logic [DATA_BITS-1:0] stim_data,
    input  logic                 stim_noisy,
    input  logic                 stim_noise,
    input  logic                 cs_n,
    input  logic                 sclk,
    output logic                 miso
);

    localparam COUNT_BITS = $clog2(DATA_BITS + 1);
    localparam [COUNT_BITS-1:0] ALL = DATA_BITS;

    logic [DATA_BITS-1:0]  word;        // its top bit is on the line
    logic [COUNT_BITS-1:0] left;
    logic                  selected;    // in the last cycle
    logic                  shifted;     // sclk stood at SHIFT_LEVEL in the last cycle
    logic                  known;       // there was a last cycle
    logic                  at_level;
    logic                  shifts;

    assign miso = !rst && (stim_noisy ? stim_noise : word[DATA_BITS-1]);

    assign at_level = SHIFT_LEVEL != 0 ? sclk === 1'b1 : sclk === 1'b0;
    assign shifts   = known && !shifted && at_level;

    always @(posedge clk) begin
        known    <= !rst;
        selected <= !rst && cs_n === 1'b0;
        shifted  <= at_level;
        if (rst) begin
            word <= {DATA_BITS{1'b0}};
            left <= {COUNT_BITS{1'b0}};
        end else if (cs_n === 1'b0 && (!selected || (shifts && left <= {{COUNT_BITS-1{1'b0}}, 1'b1}))) begin
            word <= stim_data;
            left <= ALL;
        end else if (cs_n === 1'b0 && shifts) begin
            word <= word << 1;
            left <= left - {{COUNT_BITS-1{1'b0}}, 1'b1};
        end
    end

    initial begin
        word     = {DATA_BITS{1'b0}};
        left     = {COUNT_BITS{1'b0}};
        selected = 1'b0;
        shifted  = 1'b0;
        known    = 1'b0;
    end

endmodule

`default_nettype wire
