"""The real production stack, as deploy/ runs it, and what happens to it."""
