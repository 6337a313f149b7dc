"""Mining: candidates from runs, kept where they are proven."""
