"""What a text states of a deal, each with the span that states it."""
