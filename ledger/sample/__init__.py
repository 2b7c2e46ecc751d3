"""Files of an invented vendor, to try the ledger on: seeded, so the same seed gives the same bytes.

The vendor pays its workers well and on time, except in the cases that `planted.json` lists. What
those cases are worth is worked out here by hand, so that a detector has something to be held to.
Late pay, undecided work and weeks below the floor befall ordinary workers (`cases`); the further
kinds have workers of their own, after the ordinary ones (`desk`, `further`). Three small vendors
lack one kind of record each (`gaps`).
"""
