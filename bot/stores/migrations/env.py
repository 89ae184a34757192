"""Alembic's entry point: runs the steps on the connection that `bot.stores.database` hands over."""

from alembic import context


def run() -> None:
    """Run what is missing, inside the caller's transaction."""
    context.configure(connection=context.config.attributes["connection"])
    with context.begin_transaction():
        context.run_migrations()


# Alembic loads this file under that name; any other import of it does nothing.
if __name__ == "env_py":
    run()
