"""The ledger's endpoints: imports, work, transfers, weeks."""
