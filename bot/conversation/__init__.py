"""Whose turn is it, and what was meant."""
