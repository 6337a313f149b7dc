"""The transactors' HDL, one module a file, in the subset that Icarus 11, Verilator, slang and Yosys read."""
