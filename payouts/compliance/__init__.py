"""The measures that a vendor publishes: who worked, for how long, for what, and against the floor.

`report.of(vendor, ...)` is the one call. SQL gathers in a fixed number of queries, streams go by
one account at a time, and pure functions judge.
"""
