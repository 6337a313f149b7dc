"""cocotb modules that run inside of the simulator when a bench is checked; benches don't ship them.

They import cocotb and the standard library only and are put on the simulator's path by file, not through ``verif``.
"""
