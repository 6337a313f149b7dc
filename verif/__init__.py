"""posedge's verification engines. Importing this package loads no simulator, parser or model library."""

__version__ = "0.1.0"
