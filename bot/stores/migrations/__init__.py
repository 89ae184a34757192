"""Numbered steps that bring a database up to date, run by Alembic when it is opened."""

NEWEST = "m009"
