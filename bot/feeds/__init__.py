"""Pure: the bytes of a feed become entries."""
