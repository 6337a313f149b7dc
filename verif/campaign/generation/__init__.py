"""``generate``: RTL that a model wrote, judged before it is kept."""
