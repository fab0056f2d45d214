"""Pactwire: partnership news, kept as deals and told in your channel."""
