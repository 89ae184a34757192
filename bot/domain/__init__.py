"""The vocabulary: frozen values and errors. Standard library only; nothing here reads, writes or waits."""
