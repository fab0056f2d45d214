"""Slack: the client is thin, and everything about how things look and what errors mean is pure."""
