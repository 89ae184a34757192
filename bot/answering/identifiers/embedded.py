"""The finder that needs nothing but this program: rules, check digits and a gazetteer."""

from collections.abc import Callable

from bot.answering.identifiers.contacts import find_contacts
from bot.answering.identifiers.dates import find_birth_dates, find_dates_behind
from bot.answering.identifiers.found import Found, IdentifierKind, Spans
from bot.answering.identifiers.gazetteer import Gazetteer
from bot.answering.identifiers.numbers import find_neighbours, find_numbers
from bot.answering.identifiers.people import Naming
from bot.answering.identifiers.places import find_places


class EmbeddedFinder:
    """Finds identifiers in milliseconds. `is_term` knows the field's words, `is_author` the library's authors."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        *,
        is_term: Callable[[str], bool] = lambda _: False,
        is_author: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._gazetteer = gazetteer
        self._naming = Naming(gazetteer, is_term, is_author)

    def find(self, text: str) -> list[Found]:
        """Every identifier; what lies in a mail address, link or address is no name of its own."""
        fixed = [
            *find_contacts(text),
            *find_birth_dates(text),
            *find_numbers(text),
            *find_places(text, self._gazetteer),
        ]
        held = Spans((one.start, one.end) for one in fixed)
        named = [name for name in self._naming.find(text) if not held.hold(name.start)]
        found = [*fixed, *named, *find_dates_behind(text, named)]
        return [*found, *find_neighbours(text, [one for one in found if one.kind is not IdentifierKind.PHONE])]
