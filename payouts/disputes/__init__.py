"""Questions that workers put to a vendor: asked, answered, escalated, settled in the ledger."""
