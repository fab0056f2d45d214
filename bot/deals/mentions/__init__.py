"""Deals that an entry names in passing."""
