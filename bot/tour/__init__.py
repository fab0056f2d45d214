"""The samples, and the little server that serves them."""
