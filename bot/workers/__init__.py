"""Untrusted bytes are read in child processes with hard limits.

Nothing is imported here: a child passes through, and what its parent needs would make every start of one dearer.
"""
