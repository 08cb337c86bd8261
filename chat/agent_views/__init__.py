"""What the person at a device does or opens, by noun."""
