"""Simulators behind one seam."""
