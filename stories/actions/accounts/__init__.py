"""People's own accounts: attempts to get in, and changes of what they sign in with."""
