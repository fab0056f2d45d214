"""The network: one guarded, polite client for every outgoing fetch."""
