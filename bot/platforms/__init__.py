"""The mouths: the only place that knows a chat product."""
