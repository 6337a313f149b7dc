"""The library of oracles: reference models, rules, and the choice among them for a design."""
