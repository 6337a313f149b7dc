"""The mutation score of a bench: judge all mutants, decide the survivors, turn witnesses into tests."""
