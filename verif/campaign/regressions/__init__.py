"""Stored regressions of a bench: kept, and replayed alone."""
