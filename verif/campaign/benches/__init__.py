"""A bench as everything reads it: its harness, its properties, its builds, what a user can choose."""
