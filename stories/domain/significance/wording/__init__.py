"""Compare the wording of two texts, and find why their difference matters."""
