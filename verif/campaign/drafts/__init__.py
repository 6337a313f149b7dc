"""``draft``: a bench from sources, checked before anybody is asked to trust it."""
