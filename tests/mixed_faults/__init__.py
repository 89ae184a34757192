"""Conversations with the whole bot while its language models make every kind of mistake, and what reached the reader.

`plans` says what goes wrong in a turn, `conversing` asks, `leaks` and `citations` read the replies, `measures`
the clocks.
"""
