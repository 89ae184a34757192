"""Where people meet Footnote: Telegram and the terminal. A channel reads messages and shows replies, nothing else."""
