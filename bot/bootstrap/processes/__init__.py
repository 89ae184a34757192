"""Answers made in processes of their own, so that every processor works in spite of Python's lock.

`pool.py` gives questions to processes and keeps these alive; `spawning.py` starts and ends one; `child.py` is what runs
in it; `frames.py` is what crosses the pipes between them. A process is the parent's alone: it ends with its pipe.
"""
