"""What a site needs to run, and whether it has it: for `/readyz` and `manage.py doctor`."""
