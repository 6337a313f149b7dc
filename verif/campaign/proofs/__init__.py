"""``prove``: each property decided, broken ones refuted by a run, invariants mined."""
