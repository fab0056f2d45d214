"""How a deal is told: one line of our own, and sentences of its sources."""
