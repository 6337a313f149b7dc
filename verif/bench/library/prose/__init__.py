"""A small, strict reader of sentences that say what a port is: what it doesn't understand as a whole gives nothing."""
