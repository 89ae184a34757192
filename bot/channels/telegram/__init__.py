"""The Telegram bot. The only place that knows python-telegram-bot."""
