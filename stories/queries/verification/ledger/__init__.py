"""Check the ledger: its entries and heads, and the rows that it covers."""
