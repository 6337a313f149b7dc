"""Coverage and test plans in the formats of other tools."""
