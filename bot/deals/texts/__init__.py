"""A text as the recogniser sees it: its sentences, and the names of organisations in them."""
