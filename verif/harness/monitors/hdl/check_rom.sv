// Reference model of a read-only memory with combinational reads; words that nobody told may be anything.
`default_nettype none

module check_rom #(
    parameter ADDRESS_WIDTH = 4,
    parameter WIDTH = 8,
    parameter [WIDTH*(1<<ADDRESS_WIDTH)-1:0] WORDS = 0,    // word 0 lowest
    parameter [(1<<ADDRESS_WIDTH)-1:0] TOLD = 0
) (
    input  logic             rst,
    input  logic [ADDRESS_WIDTH-1:0] address,
    input  logic [WIDTH-1:0] data,
    output logic             fail,
    output logic             seen
);

    logic [WIDTH-1:0] words [0:(1<<ADDRESS_WIDTH)-1];

    genvar place;
    generate
        for (place = 0; place < (1 << ADDRESS_WIDTH); place = place + 1) begin : g_words
            assign words[place] = WORDS[WIDTH*place+:WIDTH];
        end
    endgenerate

    assign seen = !rst && TOLD[address];
    assign fail = !rst && TOLD[address] && data !== words[address];

endmodule

`default_nettype wire
