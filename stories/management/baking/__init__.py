"""Readers' pages as files: asked of the site's own WSGI handler, and put into a folder that nginx serves."""
