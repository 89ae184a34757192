"""Reads what others wrote, over and over, and breaks where a promise is broken: `python -m tests.fuzz`."""
