"""How good the recogniser is, measured on labelled posts; work of its own, beside polling and delivering."""
