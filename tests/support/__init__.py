"""The tests' small language of their own."""
