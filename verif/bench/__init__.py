"""The designer's cocotb bench: its manifest, the oracle library and the renderer."""
