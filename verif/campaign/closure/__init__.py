"""``close``: coverage closed by stimuli and proofs, with witnesses that replay."""
