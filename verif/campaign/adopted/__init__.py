"""Benches that were not drafted: their recorded traffic, played back, as seeds, with a drafted bench beside it."""
