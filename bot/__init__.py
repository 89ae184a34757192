"""Footnote: answers clinical questions from curated documents; every sentence stands on a checked quotation."""

__version__ = "0.1.0"
