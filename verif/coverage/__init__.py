"""Coverage points, their collection and merging."""
