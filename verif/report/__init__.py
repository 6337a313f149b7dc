"""Results as one versioned JSON, and the views of it."""
