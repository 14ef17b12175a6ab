"""Services: every write (by=, one transaction, one audit event) and every read (visible_to)."""
