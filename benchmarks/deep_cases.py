"""Deep bugs for ``deep_bugs.py``: edits of good designs whose failure takes a rare meeting or a long way.

The seeded bugs of ``rtl/`` fall within 10^5 cycles of phased search, so they can't tell engines apart by what they
reach. Each of these needs particular values to meet, or state that only long runs without a reset have.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Deep:
    """One bug: texts of a good design and what takes their place."""

    design: str
    name: str
    what: str
    edits: tuple[tuple[str, str], ...]

    def applied(self, text: str) -> str:
        """Return the design with the bug; SystemExit where a text isn't there exactly once."""
        for before, after in self.edits:
            if text.count(before) != 1:
                raise SystemExit(f"{self.design}/{self.name}: {text.count(before)} places hold {before!r}")
            text = text.replace(before, after)
        return text


DEEP = (
    Deep(
        "sync_fifo",
        "thousandth_push",
        "the write pointer skips a place at the 1024th accepted write since a reset.",
        (
            ("    logic                  push;\n", "    logic                  push;\n    logic [9:0] pushes;\n"),
            ("            wr_ptr <= '0;\n", "            wr_ptr <= '0;\n            pushes <= '0;\n"),
            (
                "                wr_ptr <= wr_ptr + 1'b1;\n",
                "                pushes <= pushes + 1'b1;\n"
                "                wr_ptr <= wr_ptr + ((&pushes) ? 2'd2 : 2'd1);\n",
            ),
        ),
    ),
    Deep(
        "sync_fifo",
        "two_bytes_when_nearly_full",
        "a word is stored wrong when it is 5A, the word before was A5, and 13 are stored.",
        (
            (
                "            mem[wr_ptr] <= wr_data;\n",
                "            mem[wr_ptr] <= (wr_data == 8'h5A && mem[wr_ptr - 4'd1] == 8'hA5 && level == 5'd13)"
                " ? 8'h5B : wr_data;\n",
            ),
        ),
    ),
    Deep(
        "async_fifo",
        "byte_at_the_last_place",
        "a word is stored wrong when it is C3, goes to the last place, and the word before was 3C.",
        (
            (
                "            mem[wr_bin[ADDR_WIDTH-1:0]] <= wr_data;\n",
                "            mem[wr_bin[ADDR_WIDTH-1:0]] <= (wr_data == 8'hC3 && (&wr_bin[ADDR_WIDTH-1:0])"
                " && mem[wr_bin[ADDR_WIDTH-1:0] - 1'b1] == 8'h3C) ? 8'hC2 : wr_data;\n",
            ),
        ),
    ),
    Deep(
        "uart_rx",
        "bad_frame_after_a_bad_frame",
        "a frame with C3 and a wrong parity right after one with 3C and a wrong parity shows no error.",
        (
            (
                "                        parity_error <= (PARITY != 0) && odd;\n",
                "                        parity_error <= (PARITY != 0) && odd"
                " && !(shift == 8'hC3 && data == 8'h3C && parity_error);\n",
            ),
        ),
    ),
    Deep(
        "uart_tx",
        "two_words_in_a_row",
        "the parity bit is wrong for 34 right after 12.",
        (
            ("    logic                   parity;\n", "    logic                   parity;\n    logic [7:0] last;\n"),
            ("            parity <= 1'b0;\n", "            parity <= 1'b0;\n            last <= '0;\n"),
            (
                "                parity <= (PARITY == 2) ? ~^data : ^data;\n",
                "                last <= data;\n"
                "                parity <= ((PARITY == 2) ? ~^data : ^data) ^ (data == 8'h34 && last == 8'h12);\n",
            ),
        ),
    ),
    Deep(
        "apb_timer",
        "expiry_at_one_setting",
        "the timer reloads one less when it expires with a load of C7 and a prescaler of 11.",
        (
            (
                "                value  <= periodic ? load : '0;\n",
                "                value  <= periodic ? ((load == 8'hC7 && prescale == 4'd11) ? 8'hC6 : load) : '0;\n",
            ),
        ),
    ),
    Deep(
        "divider",
        "one_division_after_a_zero",
        "211 divided by 13 right after a division by zero leaves a remainder that is one too small.",
        (
            (
                "                    remainder   <= next_partial;\n",
                "                    remainder   <= next_partial - {7'b0, next_work == 8'd16 && next_partial == 8'd3"
                " && divisor_held == 8'd13 && div_by_zero};\n",
            ),
        ),
    ),
    Deep(
        "alu",
        "one_difference",
        "9D less 64 sets no overflow.",
        (
            (
                "                overflow   = sub_overflow;\n",
                "                overflow   = sub_overflow && !(a == 8'h9D && b == 8'h64);\n",
            ),
        ),
    ),
    Deep(
        "crc32",
        "remainder_of_24_bits",
        "a byte is lost when the low 24 bits of the remainder are A53C96.",
        (
            (
                "        end else if (data_valid) begin\n",
                "        end else if (data_valid && start[23:0] != 24'hA53C96) begin\n",
            ),
        ),
    ),
    Deep(
        "crc32",
        "remainder_of_28_bits",
        "a byte is lost when the low 28 bits of the remainder are 7A53C96.",
        (
            (
                "        end else if (data_valid) begin\n",
                "        end else if (data_valid && start[27:0] != 28'h7A53C96) begin\n",
            ),
        ),
    ),
    Deep(
        "lfsr",
        "state_after_load",
        "the step after state 9B57 is wrong when that state was not loaded.",
        (
            ("    logic feedback;\n", "    logic feedback;\n    logic loaded;\n"),
            (
                "    always_ff @(posedge clk) begin\n",
                "    always_ff @(posedge clk) loaded <= load;\n    always_ff @(posedge clk) begin\n",
            ),
            (
                "            state <= {state[14:0], feedback};\n",
                "            state <= {state[14:0], feedback ^ (state == 16'h9B57 && !loaded)};\n",
            ),
        ),
    ),
    Deep(
        "wishbone_ram",
        "one_word_at_one_address",
        "a write of 16 particular bits to address 37 with two byte enables is lost.",
        (
            (
                "        if (request && wb_we_i) begin\n",
                "        if (request && wb_we_i"
                " && !(wb_adr_i == 6'd37 && wb_sel_i == 4'b0110 && wb_dat_i[19:8] == 12'h9E3)) begin\n",
            ),
        ),
    ),
    Deep(
        "skid_buffer",
        "three_words",
        "last is lost on 7F behind 80 when a word waits.",
        (
            (
                "                skid_last  <= s_axis_tlast;\n",
                "                skid_last  <= s_axis_tlast && !(s_axis_tdata == 8'h35 && m_axis_tdata == 8'hB6);\n",
            ),
        ),
    ),
    Deep(
        "pwm",
        "one_period_and_duty",
        "the output is a cycle short with a period of 173 and a duty of 89.",
        (
            (
                "            pwm_out    <= en && (counter < active_duty);\n",
                "            pwm_out    <= en && (counter < active_duty)"
                " && !(active_period == 8'd173 && active_duty == 8'd89 && counter == 8'd88);\n",
            ),
        ),
    ),
    Deep(
        "spi_master",
        "word_for_a_word",
        "B2 is received as B3 while 4D was sent.",
        (
            (
                "    logic [DATA_BITS-1:0]   shift_in;\n",
                "    logic [DATA_BITS-1:0]   shift_in;\n    logic [DATA_BITS-1:0]   sent;\n"
                "    always_ff @(posedge clk) if (cs_n && start) sent <= tx_data;\n",
            ),
            (
                "                    rx_data   <= shift_in;\n",
                "                    rx_data   <= shift_in | {7'b0, shift_in == 8'hB2 && sent == 8'h4D};\n",
            ),
        ),
    ),
    Deep(
        "axi_lite_regs",
        "bits_beside_flags",
        "a write to CONTROL of a particular half word is lost when all flags but one are set.",
        (
            (
                "            if (execute && (aw_reg == REG_CONTROL)) begin\n",
                "            if (execute && (aw_reg == REG_CONTROL)"
                " && !(w_data[11:0] == 12'h6C9 && flags == 8'hF7)) begin\n",
            ),
        ),
    ),
)
"""Bugs by design and name."""
