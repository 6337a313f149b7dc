"""The cocotb regression: what runs, what became of it, its coverage, a failure run again."""
