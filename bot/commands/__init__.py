"""What people may ask: one table for every platform."""
