"""The library: documents read from files, the index made of them, and the search in it."""
