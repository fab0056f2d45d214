"""The terminal as a platform: for trying Pactwire out, and for reading without a chat product."""
