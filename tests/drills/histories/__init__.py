"""Histories: what many clients did at once while parts failed, written down and held against the ledger."""
