"""Jobs over many benches, their outcomes, and what they cost."""
