"""Reference models, one class per module, standard library only: their text is put into benches as it is.

A model is made with one constructor call that holds all constants. ``ports`` maps the model's names to the design's
ports; only ports that the design has are in it. ``reset`` is None or (port, active level, asynchronous). ``step``
takes the inputs of a cycle and returns the outputs sampled in that cycle, None where any value is right.
"""
