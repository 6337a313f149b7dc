"""Lanes of four states: X from registers without a reset, memories that nothing wrote, and the source's own."""
