"""The public site as files that nginx serves: how a page's headers are named, and the folder that holds them."""
