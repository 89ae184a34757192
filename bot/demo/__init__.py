"""Telegram on this machine: a Bot API server that checks like the real one, and a page to chat on. No network."""
