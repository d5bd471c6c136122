"""What takes minutes: parts of a running site stopped, hung and filled. `make drill` runs them."""
