"""Observing rules, one class per module, standard library only: their text is put into benches as it is.

``observe`` takes the inputs and the sampled outputs of a cycle (None for X or Z) and returns the message of a broken
rule, or None. It is not called before the first reset; cycles in which the reset is active restart the rule.
"""
