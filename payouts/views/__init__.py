"""Pages of pay: the worker's, the vendor's, the auditor's. Doors: one call each, and an answer."""
