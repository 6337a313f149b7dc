"""From a testplan to input values: drivers and their phases."""
