"""The guards and checks that keep stored rows as they were written."""
