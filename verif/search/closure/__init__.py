"""Coverage closure: who proposes next, what is known about each point, witnesses cut and state that survives.

It knows nothing of benches and files of RTL: an engine that tells hits, and a prover, come from outside.
"""
