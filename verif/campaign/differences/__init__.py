"""``diff``: two versions of a design, told apart by a run, or proven to do the same."""
