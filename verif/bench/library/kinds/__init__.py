"""One recogniser per kind of design: ``propose(subject) -> Choice | None``.

A recogniser answers None where the design is not of its kind, and a Choice with a note but no model where the
specification leaves open or contradicts what the model would have to know.
"""
