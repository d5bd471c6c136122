"""What keeps stored rows as they were written, beside the guards of `models.integrity.append_only`."""
