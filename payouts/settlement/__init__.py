"""Settlement: what banks and processors report of payments, and what follows from it.

Readers (one file a format) turn bytes into entries and know no database; `matching` and `verdicts`
say which payment an entry speaks of and what that means; `reconciling` and `posting` act on it.
"""
