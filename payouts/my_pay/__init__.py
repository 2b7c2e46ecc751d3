"""My pay: what a worker sees of their own earnings, and the work behind every amount."""
