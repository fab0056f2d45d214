"""Pactwire: partnership news, kept as deals and told in your channel."""

__version__ = "0.1.0"
