"""The rules of four states, in Verilog that Yosys reads."""
