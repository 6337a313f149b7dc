"""Stimulus drivers: classes that turn a phase's settings into input values, cycle by cycle.

Contract with whoever runs them (``verif.stimulus.generate`` and every generated bench):

- made as ``Kind(ports={signal: port}, knobs={local: name in the plan}, **options)``: ``ports``, ``options`` as in
  ``verif.plan.model.Driver``; a knob is called ``<driver's name>_<local>`` in the plan (``verif.plan.kinds``);
- ``reset(rng)`` at the start of each reset with ``random.Random(f"{seed}:{test}:{name}")``, with ``...:1`` at the next;
- ``idle()``, called for every tick while reset is active, gives the values of the driven ports: quiet where a protocol
  wants it, noise where reset must win against anything;
- ``drive(settings, outputs)`` gives them for the next cycle. ``settings``: the phase's knobs, defaults filled in.
  ``outputs``: every port of the design in the last cycle, outputs as sampled just before the edge (None for X or Z)
  and inputs as applied; ``{}`` in the first cycle after a reset;
- a driver with a ``clock`` is called only after a tick that ended with that clock's active edge (and once at the
  start); between, its ports keep their values.

The modules import the standard library and ``base`` only, so that their text can stand in a bench: ``base`` first,
then the modules that ``registry.driver_modules`` names, without the ``from verif`` lines.
"""
