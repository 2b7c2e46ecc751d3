"""Pay runs: from what is owed to a payment file, through a second person's hands."""
