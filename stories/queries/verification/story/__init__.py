"""Check stories and their pictures, and the data derived from them, against their history."""
