"""Bringing documents in: files of other kinds are read, and a draft for the library is written from them.

One module reads one kind of file, from its bytes to `Material`. Nothing that a document says is obeyed; it is text.
"""
