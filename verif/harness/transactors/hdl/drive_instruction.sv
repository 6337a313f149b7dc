// Drives an instruction input with legal RISC-V words, with stim_illegal with any other.
`default_nettype none

module drive_instruction (
    input  logic        stim_illegal,
    input  logic [31:0] stim_word,
    output logic [31:0] word
);

    drive_riscv instruction (
        .raw(stim_illegal),
        .bits(stim_word),
        .word(word)
    );

endmodule

`default_nettype wire
