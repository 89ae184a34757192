"""What is remembered: conversations and answers, in a SQL database. The only place that knows SQLAlchemy."""
