"""Search: find failing stimulus in lanes, shrink it, save it; and the same by hand from pytest."""
