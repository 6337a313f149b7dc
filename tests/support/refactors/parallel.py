# ruff: noqa: E501  (edits are lines of Verilog as they stand)
"""Versions of the other designs."""

from __future__ import annotations

from tests.support.refactors.model import Refactor, renames

PARALLEL = (
    Refactor(
        "apb_timer",
        "registers_renamed",
        "rename",
        renames(
            enable="running", periodic="again", value="counter", expired="flag", prescale_count="ticks", load="top"
        ),
    ),
    Refactor(
        "apb_timer",
        "terms_by_de_morgan",
        "logic",
        (
            ("(prescale_count >= prescale) && !write_load", "!((prescale_count < prescale) || write_load)"),
            ("pslverr = access && !mapped", "pslverr = !(!access || mapped)"),
            ("expired && irq_enable", "!(!expired | !irq_enable)"),
        ),
    ),
    Refactor(
        "apb_timer",
        "read_data_by_terms",
        "case to if",
        (
            ("        case (paddr)\n            ADDR_CTRL:     prdata =", "        if (paddr == ADDR_CTRL) prdata ="),
            ("            ADDR_LOAD:     prdata", "        else if (paddr == ADDR_LOAD) prdata"),
            ("            ADDR_VALUE:    prdata", "        else if (paddr == ADDR_VALUE) prdata"),
            ("            ADDR_STATUS:   prdata", "        else if (paddr == ADDR_STATUS) prdata"),
            ("            ADDR_PRESCALE: prdata", "        else if (paddr == ADDR_PRESCALE) prdata"),
            ("            default:       mapped = 1'b0;\n        endcase", "        else mapped = 1'b0;"),
        ),
    ),
    Refactor(
        "apb_timer",
        "write_hoisted",
        "hoist",
        (
            (
                "write_load = write && (paddr == ADDR_LOAD)",
                "write_load = (psel & penable & pwrite) ? paddr == ADDR_LOAD : 1'b0",
            ),
            (
                "if (expiry) begin\n                value  <= periodic ? load : '0;\n                enable <= periodic;\n            end else if (tick) begin\n                value <= value - 1'b1;\n            end",
                "if (tick) begin\n                value  <= value != '0 ? value - 1'b1 : periodic ? load : '0;\n                enable <= value != '0 ? enable : periodic;\n            end",
            ),
        ),
    ),
    Refactor("alu", "nor_by_de_morgan", "logic", (("~(a | b)", "~a & ~b"), ("y = a ^ b;", "y = (a | b) & ~(a & b);"))),
    Refactor(
        "alu",
        "comparisons_as_such",
        "logic",
        (
            ("less_signed   = difference[WIDTH-1] ^ sub_overflow", "less_signed   = $signed(a) < $signed(b)"),
            ("less_unsigned = difference[WIDTH]", "less_unsigned = a < b"),
        ),
    ),
    Refactor(
        "alu",
        "operations_by_if",
        "case to if",
        (
            ("        case (op)\n            OP_ADD: begin", "        if (op == OP_ADD) begin"),
            ("            OP_SUB: begin", "        else if (op == OP_SUB) begin"),
            *(
                (f"            OP_{name}: ", f"        else if (op == OP_{name}) ")
                for name in ("AND", "XOR", "NOR", "SLL", "SRL", "SRA", "SLT", "SLTU")
            ),
            ("            OP_OR:", "        else if (op == OP_OR)"),
            ("            default: y = '0;\n        endcase\n", ""),
        ),
    ),
    Refactor(
        "alu",
        "shift_right_signed",
        "logic",
        (("y = (a >> amount) | fill;", "y = $unsigned($signed(a) >>> amount);"),),
    ),
    Refactor(
        "arbiter",
        "mask_stored_inverted",
        "inverted",
        (
            ("    logic [N-1:0] mask; ", "    logic [N-1:0] done; "),
            ("req & mask;", "req & ~done;"),
            ("            mask <= '1;", "            done <= '0;"),
            ("mask <= ~((gnt - 1'b1) | gnt)", "done <= (gnt - 1'b1) | gnt"),
        ),
    ),
    Refactor(
        "arbiter",
        "grant_by_if",
        "case to if",
        (
            (
                "    assign gnt       = !en ? '0 : (masked_req != '0) ? first_masked : first_any;",
                "    always_comb begin\n        gnt = '0;\n        if (en) begin\n            if (|masked_req) gnt = first_masked;\n            else gnt = first_any;\n        end\n    end",
            ),
            ("masked_req & (~masked_req + 1'b1)", "masked_req & ~(masked_req - 1'b1)"),
        ),
    ),
    Refactor(
        "async_fifo",
        "pointers_renamed",
        "rename",
        renames(wr_bin="head", rd_bin="tail", wr_gray="head_code", rd_gray="tail_code"),
    ),
    Refactor(
        "async_fifo",
        "flags_by_xor",
        "logic",
        (("empty       = rd_gray == wr_gray_rd", "empty       = !(|(rd_gray ^ wr_gray_rd))"),),
    ),
    Refactor(
        "axi_lite_regs",
        "registers_renamed",
        "rename",
        renames(aw_held="have_address", w_held="have_data", w_data="word", flags="events", scratch="spare"),
    ),
    Refactor(
        "axi_lite_regs",
        "execute_by_de_morgan",
        "logic",
        (
            (
                "aw_held && w_held && (!s_axil_bvalid || s_axil_bready)",
                "!(!aw_held || !w_held || (s_axil_bvalid && !s_axil_bready))",
            ),
        ),
    ),
    Refactor(
        "axi_lite_regs",
        "read_value_by_if",
        "case to if",
        (
            ("        case (ar_reg)\n            REG_ID:      read", "        if (ar_reg == REG_ID) read"),
            ("            REG_CONTROL: read", "        else if (ar_reg == REG_CONTROL) read"),
            ("            REG_STATUS:  read", "        else if (ar_reg == REG_STATUS) read"),
            ("            REG_SCRATCH: read", "        else if (ar_reg == REG_SCRATCH) read"),
            ("            REG_FLAGS:   read", "        else if (ar_reg == REG_FLAGS) read"),
            ("            default:     read_value = '0;\n        endcase", "        else read_value = '0;"),
        ),
    ),
    Refactor(
        "axi_lite_regs",
        "address_free_in_place_of_held",
        "inverted",
        (
            ("    logic        aw_held;", "    logic        aw_free;"),
            ("s_axil_awready = !aw_held", "s_axil_awready = aw_free"),
            ("execute       = aw_held &&", "execute       = !aw_free &&"),
            ("aw_held       <= 1'b0;", "aw_free       <= 1'b1;"),
            ("aw_held <= 1'b1;", "aw_free <= 1'b0;"),
        ),
    ),
    Refactor(
        "crc32",
        "remainder_stored_inverted",
        "inverted",
        (
            ("crc   = ~remainder", "crc   = remainder"),
            ("clear ? INITIAL : remainder", "clear ? INITIAL : ~remainder"),
            ("remainder <= INITIAL", "remainder <= ~INITIAL"),
            ("remainder <= after_byte(start, data)", "remainder <= ~after_byte(start, data)"),
            ("remainder <= start", "remainder <= ~start"),
        ),
    ),
    Refactor(
        "crc32",
        "polynomial_by_if",
        "case to if",
        (
            (
                "after_byte = (after_byte >> 1) ^ (after_byte[0] ? POLYNOMIAL_REFLECTED : 32'b0);",
                "if (after_byte[0]) after_byte = (after_byte >> 1) ^ POLYNOMIAL_REFLECTED;\n            else after_byte = after_byte >> 1;",
            ),
        ),
    ),
    Refactor(
        "divider",
        "registers_renamed",
        "rename",
        renames(count="step", work="shifter", partial="rest", divisor_held="by"),
    ),
    Refactor(
        "divider",
        "steps_counted_down",
        "counter",
        (
            (
                "            count        <= '0;\n            work",
                "            count        <= LAST;\n            work",
            ),
            (
                "                count        <= '0;\n                work",
                "                count        <= LAST;\n                work",
            ),
            ("count   <= count + 1'b1;", "count   <= count - 1'b1;"),
            ("count == LAST", "count == '0"),
        ),
    ),
    Refactor(
        "divider",
        "comparison_by_subtraction",
        "logic",
        (
            (
                "    logic                   fits;\n",
                "    logic                   fits;\n    logic [WIDTH+1:0]       less;\n    assign less = {1'b0, shifted} - {2'b0, divisor_held};\n",
            ),
            ("shifted >= {1'b0, divisor_held}", "!less[WIDTH+1]"),
            ("fits ? shifted[WIDTH-1:0] - divisor_held :", "fits ? less[WIDTH-1:0] :"),
        ),
    ),
    Refactor(
        "gray_counter",
        "code_without_a_register",
        "hoist",
        (
            ("            gray   <= '0;\n", ""),
            ("                gray   <= next ^ (next >> 1);\n", ""),
            (
                "    logic [WIDTH-1:0] next;\n",
                "    logic [WIDTH-1:0] next;\n    assign gray = binary ^ (binary >> 1);\n",
            ),
        ),
    ),
    Refactor(
        "gray_counter",
        "wrap_by_de_morgan",
        "logic",
        (("en && !load && (binary == '1)", "!(!en || load || !(&binary))"),),
    ),
    Refactor(
        "lfsr",
        "bits_reversed",
        "rename",
        (
            (
                "    logic feedback;\n",
                "    logic feedback;\n    logic [0:15] stages;\n    assign state = {stages[15], stages[14], stages[13], stages[12], stages[11], stages[10], stages[9], stages[8], stages[7], stages[6], stages[5], stages[4], stages[3], stages[2], stages[1], stages[0]};\n    function automatic logic [0:15] turned(input logic [15:0] word);\n        for (int i = 0; i < 16; i++) turned[i] = word[i];\n    endfunction\n",
            ),
            (
                "            state <= RESET_SEED;\n        end else if",
                "            stages <= turned(RESET_SEED);\n        end else if",
            ),
            (
                "            state <= (seed == '0) ? RESET_SEED : seed;",
                "            stages <= turned((seed == '0) ? RESET_SEED : seed);",
            ),
            ("            state <= {state[14:0], feedback};", "            stages <= turned({state[14:0], feedback});"),
        ),
    ),
    Refactor(
        "lfsr", "feedback_written_out", "logic", (("^(state & TAPS)", "state[15] ^ state[14] ^ state[12] ^ state[3]"),)
    ),
    Refactor(
        "priority_encoder",
        "one_hot_from_the_number",
        "hoist",
        (
            (
                "                onehot = {{(WIDTH-1){1'b0}}, 1'b1} << i;\n            end\n        end\n",
                "            end\n        end\n        if (enable && |lines) onehot = {{(WIDTH-1){1'b0}}, 1'b1} << index;\n",
            ),
        ),
    ),
    Refactor(
        "priority_encoder",
        "flags_by_de_morgan",
        "logic",
        (
            ("enable && (lines != '0)", "!(!enable || lines == '0)"),
            ("enable && (others != '0)", "!(!enable || !(|others))"),
        ),
    ),
    Refactor(
        "pwm",
        "registers_renamed",
        "rename",
        renames(counter="place", active_period="until_place", active_duty="high_until"),
    ),
    Refactor(
        "pwm",
        "comparisons_turned",
        "logic",
        (("en && (counter < active_duty)", "!(!en || counter >= active_duty)"), ("!en || last", "!(en && !last)")),
    ),
    Refactor(
        "pwm",
        "counted_down",
        "counter",
        (
            (
                "    assign last = counter == active_period;",
                "    logic [WIDTH-1:0] left;\n    assign last = left == '0;\n    assign counter = active_period - left;",
            ),
            (
                "            counter       <= '0;\n            active_period <= '0;",
                "            left          <= '0;\n            active_period <= '0;",
            ),
            (
                "                counter       <= '0;\n                active_period <= period;",
                "                left          <= period;\n                active_period <= period;",
            ),
            ("                counter <= counter + 1'b1;", "                left <= left - 1'b1;"),
        ),
    ),
    Refactor(
        "skid_buffer",
        "free_in_place_of_valid",
        "inverted",
        (
            ("logic                  skid_valid;", "logic                  skid_free;"),
            ("skid_valid    <= 1'b0;", "skid_free     <= 1'b1;"),
            ("skid_valid <= 1'b0;", "skid_free  <= 1'b1;"),
            ("skid_valid <= 1'b1;", "skid_free  <= 1'b0;"),
            ("<skid_valid>", "!skid_free"),
        ),
    ),
    Refactor(
        "skid_buffer",
        "data_chosen_once",
        "hoist",
        (
            (
                "                if (skid_valid) begin\n                    m_axis_tdata <= skid_data;\n                    m_axis_tlast <= skid_last;\n                end else if (take) begin\n                    m_axis_tdata <= s_axis_tdata;\n                    m_axis_tlast <= s_axis_tlast;\n                end",
                "                if (!(!skid_valid && !take)) begin\n                    m_axis_tdata <= skid_valid ? skid_data : s_axis_tdata;\n                    m_axis_tlast <= skid_valid ? skid_last : s_axis_tlast;\n                end",
            ),
        ),
    ),
    Refactor(
        "sync_fifo", "memory_and_pointers_renamed", "rename", renames(mem="storage", wr_ptr="head", rd_ptr="tail")
    ),
    Refactor(
        "sync_fifo",
        "level_from_pointers",
        "hoist",
        (
            (
                "    logic [ADDR_WIDTH-1:0] wr_ptr;\n    logic [ADDR_WIDTH-1:0] rd_ptr;",
                "    logic [ADDR_WIDTH:0]   wr_ptr;\n    logic [ADDR_WIDTH:0]   rd_ptr;\n    assign level = wr_ptr - rd_ptr;",
            ),
            ("mem[rd_ptr]", "mem[rd_ptr[ADDR_WIDTH-1:0]]"),
            ("mem[wr_ptr]", "mem[wr_ptr[ADDR_WIDTH-1:0]]"),
            ("            level  <= '0;\n", ""),
            (
                "            if (push && !pop) begin\n                level <= level + 1'b1;\n            end else if (pop && !push) begin\n                level <= level - 1'b1;\n            end\n",
                "",
            ),
        ),
    ),
    Refactor(
        "sync_fifo",
        "flags_by_de_morgan",
        "logic",
        (("push    = wr_en && !full", "push    = !(!wr_en || full)"), ("empty   = level == '0", "empty   = !(|level)")),
    ),
    Refactor(
        "wishbone_ram",
        "request_by_de_morgan",
        "logic",
        (("wb_cyc_i && wb_stb_i && !wb_ack_o && !wb_rst_i", "!(!wb_cyc_i || !wb_stb_i || wb_ack_o || wb_rst_i)"),),
    ),
    Refactor(
        "wishbone_ram",
        "bytes_merged_otherwise",
        "logic",
        (("(word & ~mask) | (wb_dat_i & mask)", "word ^ ((word ^ wb_dat_i) & mask)"),),
    ),
)
