"""Pure: entries become deals."""
