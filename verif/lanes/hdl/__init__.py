"""Verilog that Yosys reads while it makes a netlist."""
