"""The key of the tests' databases, and the names that users and chats have under it."""

from bot.stores.pseudonyms import Pseudonyms

KEY = "a key for tests, of no secret"
NAMES = Pseudonyms(KEY)
