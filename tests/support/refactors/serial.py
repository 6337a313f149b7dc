# ruff: noqa: E501  (edits are lines of Verilog as they stand)
"""Versions of the designs that move bits one after the other, and of the sequence detector."""

from __future__ import annotations

from tests.support.refactors.model import Refactor, renames, states

SERIAL = (
    Refactor(
        "uart_rx",
        "registers_renamed",
        "rename",
        renames(state="phase", timer="baud", index="place", shift="word", odd="parity", rx_meta="early", line="late"),
    ),
    Refactor(
        "uart_rx",
        "states_one_hot",
        "fsm",
        states(6, IDLE="b000001", START="b000010", DATA="b000100", CHECK="b001000", STOP="b010000", HOLD="b100000"),
    ),
    Refactor(
        "uart_rx",
        "states_numbered_anew",
        "fsm",
        states(3, IDLE="d6", START="d2", DATA="d5", CHECK="d0", STOP="d7", HOLD="d1"),
    ),
    Refactor(
        "uart_rx",
        "timer_by_if",
        "case to if",
        (
            (
                "            timer <= sample ? BIT_TIME : timer - 1'b1;",
                "            if (sample) timer <= BIT_TIME;\n            else timer <= timer - 1'b1;",
            ),
            ("assign sample = timer == '0;", "assign sample = !(|timer);"),
        ),
    ),
    Refactor(
        "uart_rx",
        "states_by_if",
        "case to if",
        (
            ("            case (state)\n                IDLE: begin", "            if (state == IDLE) begin"),
            ("                START: begin", "            else if (state == START) begin"),
            ("                DATA: begin", "            else if (state == DATA) begin"),
            ("                CHECK: begin", "            else if (state == CHECK) begin"),
            ("                STOP: begin", "            else if (state == STOP) begin"),
            ("                default: begin", "            else begin"),
            ("            endcase\n", ""),
        ),
    ),
    Refactor("uart_tx", "registers_renamed", "rename", renames(state="phase", timer="baud", index="n", shift="word")),
    Refactor(
        "uart_tx",
        "states_one_hot",
        "fsm",
        states(5, IDLE="b00001", START="b00010", DATA="b00100", CHECK="b01000", STOP="b10000"),
    ),
    Refactor(
        "uart_tx",
        "states_as_johnson_counter",
        "fsm",
        states(4, IDLE="b0000", START="b0001", DATA="b0011", CHECK="b0111", STOP="b1111"),
    ),
    Refactor(
        "uart_tx",
        "parity_in_one_term",
        "logic",
        (("(PARITY == 2) ? ~^data : ^data", "^{PARITY == 2, data}"), ("state == IDLE;", "!(state != IDLE);")),
    ),
    Refactor(
        "uart_tx",
        "parity_stored_inverted",
        "inverted",
        (
            ("logic                   parity;", "logic                   even;"),
            ("            parity <= 1'b0;", "            even   <= 1'b1;"),
            ("parity <= (PARITY == 2) ? ~^data : ^data", "even <= (PARITY == 2) ? ^data : ~^data"),
            ("1'b1 : parity;", "1'b1 : !even;"),
        ),
    ),
    Refactor(
        "sequence_detector",
        "states_numbered_anew",
        "fsm",
        (
            ("        NOTHING,\n", "        NOTHING = 2'd3,\n"),
            ("        GOT_1,\n", "        GOT_1 = 2'd1,\n"),
            ("        GOT_10,\n", "        GOT_10 = 2'd0,\n"),
            ("        GOT_101\n", "        GOT_101 = 2'd2\n"),
        ),
    ),
    Refactor(
        "sequence_detector",
        "states_one_hot",
        "fsm",
        (
            ("enum logic [1:0]", "enum logic [3:0]"),
            ("        NOTHING,\n", "        NOTHING = 4'b0001,\n"),
            ("        GOT_1,\n", "        GOT_1 = 4'b0010,\n"),
            ("        GOT_10,\n", "        GOT_10 = 4'b0100,\n"),
            ("        GOT_101\n", "        GOT_101 = 4'b1000\n"),
        ),
    ),
    Refactor(
        "sequence_detector",
        "states_as_last_bits",
        "fsm",
        (
            (
                "    typedef enum logic [1:0] {\n        NOTHING,\n        GOT_1,\n        GOT_10,\n        GOT_101\n    } state_t;",
                "    typedef logic [2:0] state_t;",
            ),
            ("(state == GOT_101)", "(state == 3'b101)"),
            (
                "    always_comb begin\n        next_state = NOTHING;\n        case (state)",
                "    assign next_state = {state[1:0], din};",
            ),
            ("\n            NOTHING: if (din) next_state = GOT_1;", ""),
            (
                "\n            GOT_1:   if (din) next_state = GOT_1;\n                     else     next_state = GOT_10;",
                "",
            ),
            ("\n            GOT_10:  if (din) next_state = GOT_101;", ""),
            (
                "\n            GOT_101: if (din) next_state = GOT_1;\n                     else     next_state = GOT_10;",
                "",
            ),
            ("\n            default: next_state = NOTHING;\n        endcase\n    end", ""),
            ("state       <= NOTHING;", "state       <= '0;"),
        ),
    ),
    Refactor(
        "sequence_detector",
        "next_state_by_if",
        "case to if",
        (
            (
                "        case (state)\n            NOTHING: if (din) next_state = GOT_1;",
                "        if (state == NOTHING) begin if (din) next_state = GOT_1; end",
            ),
            ("            GOT_1:   if (din)", "        else if (state == GOT_1) begin if (din)"),
            (
                "GOT_1;\n                     else     next_state = GOT_10;\n            GOT_10:  if (din) next_state = GOT_101;",
                "GOT_1;\n                     else     next_state = GOT_10; end\n        else if (state == GOT_10) begin if (din) next_state = GOT_101; end",
            ),
            ("            GOT_101: if (din)", "        else begin if (din)"),
            (
                "                     else     next_state = GOT_10;\n            default: next_state = NOTHING;\n        endcase",
                "                     else     next_state = GOT_10; end",
            ),
        ),
    ),
    Refactor(
        "sequence_detector",
        "match_by_de_morgan",
        "logic",
        (
            ("din_valid && din && (state == GOT_101)", "!(!din_valid || !din || (state != GOT_101))"),
            ("match && (match_count != '1)", "!(!match || &match_count)"),
        ),
    ),
    Refactor(
        "spi_master",
        "registers_renamed",
        "rename",
        renames(timer="wait_left", bits_done="sent", shift_out="out_word", shift_in="in_word"),
    ),
    Refactor(
        "spi_master",
        "bits_counted_down",
        "counter",
        (
            (
                "            bits_done <= '0;\n            shift_out",
                "            bits_done <= BITS;\n            shift_out",
            ),
            (
                "                bits_done <= '0;\n                if (start)",
                "                bits_done <= BITS;\n                if (start)",
            ),
            ("bits_done <= bits_done + 1'b1;", "bits_done <= bits_done - 1'b1;"),
            ("bits_done != BITS - 1'b1", "bits_done != 1"),
            ("bits_done != BITS)", "bits_done != '0)"),
        ),
    ),
    Refactor(
        "spi_master",
        "select_stored_inverted",
        "inverted",
        (
            (
                "    logic [TIMER_WIDTH-1:0] timer;\n",
                "    logic active;\n    assign cs_n = !active;\n    logic [TIMER_WIDTH-1:0] timer;\n",
            ),
            ("cs_n      <= 1'b1;", "active    <= 1'b0;"),
            ("cs_n      <= 1'b0;", "active    <= 1'b1;"),
        ),
    ),
    Refactor(
        "spi_master",
        "end_of_bit_first",
        "hoist",
        (
            (
                "            end else if (timer != '0) begin\n                timer <= timer - 1'b1;\n            end else begin\n                timer <= HALF_TIME;",
                "            end else begin\n                timer <= timer == '0 ? HALF_TIME : timer - 1'b1;\n                if (timer != '0) begin end else",
            ),
        ),
    ),
)
