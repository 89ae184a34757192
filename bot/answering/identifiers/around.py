"""What the words before and behind a name say of it."""

import re
from functools import cached_property

from bot.answering.identifiers import contexts as near
from bot.answering.identifiers.runs import SIGHT, aged, studied, words_before

LEADS = (near.TITLES, near.NAMED, near.BEFORE_KIN, near.OF_KIN, near.LITTLE, near.MET, near.SELF)


class Around:
    """The words before and behind a name. Each property is one thing that they may say."""

    def __init__(self, before: str, behind: str) -> None:
        self.before = before.rstrip('"“„«')
        self.behind = behind.lstrip('"”“»')

    @cached_property
    def led_by(self) -> re.Pattern[str] | None:
        """The first of the patterns that say that a name follows, where one does."""
        return next((pattern for pattern in LEADS if pattern.search(self.before)), None)

    @cached_property
    def studied(self) -> bool:
        """Is it the name of a study, a disease, a sign?"""
        return studied(self.behind) is not None

    @cached_property
    def aged(self) -> bool:
        """Does an age follow, or a number that may be one?"""
        return aged(self.behind) is not None

    @cached_property
    def surely_aged(self) -> bool:
        """Does an age follow with its unit?"""
        return near.AGE_BEHIND.match(self.behind) is not None

    @cached_property
    def does(self) -> bool:
        """Does a verb follow that tells of somebody?"""
        return near.DOES_BEHIND.match(self.behind) is not None

    @cached_property
    def does_as_person(self) -> bool:
        """Does a verb follow that tells of nothing but persons?"""
        return near.PERSONAL_BEHIND.match(self.behind) is not None

    @cached_property
    def owns(self) -> bool:
        """Is it a possessive?"""
        return near.OWNS_BEHIND.match(self.behind) is not None

    @cached_property
    def owns_as_person(self) -> bool:
        """Does what only a person has follow the possessive?"""
        return near.OWNS_AS_PERSON.match(self.behind) is not None

    @cached_property
    def for_somebody(self) -> bool:
        """Is something for it, or about it?"""
        return near.FOR_SOMEBODY.search(self.before) is not None

    @cached_property
    def related(self) -> bool:
        """Is somebody's relative said to be so behind the name?"""
        return near.RELATED_BEHIND.match(self.behind) is not None

    @cached_property
    def measured(self) -> bool:
        """Does a finding follow?"""
        return near.MEASURED_BEHIND.match(self.behind) is not None

    @cached_property
    def slashed(self) -> bool:
        """Is it the first part of "name / sex / age"?"""
        return near.SLASHED.match(self.behind) is not None

    @cached_property
    def starts(self) -> bool:
        """Does a sentence begin here?"""
        return near.STARTS.search(self.before) is not None

    @cached_property
    def in_letter(self) -> bool:
        """Is it where letters name their reader, their writer, their subject?"""
        signed = self.closes or (near.SIGNED.search(self.before) and near.ENDS.match(self.behind))
        return bool(signed or near.ADDRESS_LINE.search(self.before))

    @cached_property
    def closes(self) -> bool:
        """Does a letter end here with the name of its writer?"""
        return near.SIGNED_AS.match(self.behind) is not None and near.CLOSED.search(self.before) is not None

    @cached_property
    def leads_on(self) -> bool:
        """Do words stand before that lead to somebody or something?"""
        return near.ADDRESSED.search(self.before) is not None

    @cached_property
    def placed(self) -> bool:
        """May it be a place?"""
        return near.PLACED.search(self.before) is not None

    @cached_property
    def authored(self) -> bool:
        """May it be an author?"""
        return near.AUTHORED.search(self.before) is not None


class Surroundings:
    """What stands around the words of one text; what stands so twice is looked at once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._known: dict[tuple[str, str], Around] = {}

    def of(self, start: int, end: int) -> Around:
        """Of the characters `start` to `end`."""
        key = words_before(self.text, start), self.text[end : end + SIGHT]
        if key not in self._known:
            self._known[key] = Around(*key)
        return self._known[key]
