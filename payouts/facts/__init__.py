"""What the database says, as the facts that detectors judge: read in chunks of accounts."""
