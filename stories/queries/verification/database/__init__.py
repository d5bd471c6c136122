"""Check the database itself: its schema and guards, and that stored values are readable."""
