"""Pure: deals become messages."""
