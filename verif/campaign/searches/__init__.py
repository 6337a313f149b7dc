"""``search``: exploring a bench, the failures that it finds, what each cost."""
