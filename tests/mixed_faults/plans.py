"""What the models do in one turn: honest or wrong, in right or wrong form, behind a provider that works or doesn't."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.scripted_provider import (
    FAULTS,
    SPOILERS,
    Breaks,
    Cuts,
    Fails,
    Faulty,
    Hangs,
    Harm,
    Player,
    Refuses,
    Reply,
    Request,
    Says,
    Sends,
    Where,
    always,
    bad_gateway,
    filtered,
    garbled,
    honest,
    no_answer,
    out_of_quota,
    rate_limited,
    repairs_honestly,
    repairs_stubbornly,
    too_long,
    wrong_key,
)
from tests.scripted_provider.composing import Line, claim, read_prompt, repaired_lines, written
from tests.scripted_provider.spoiling import NothingToSpoilError, spoil

MAIN, SECOND = "main", "second"
SOON, LATE = 0.3, 60.0
"""Seconds that a provider asks to wait: worth it, and not."""
MANY = 60


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A wrong line that a model wrote: `right` is the sentence of the passage that it was made of."""

    name: str
    harm: Harm
    line: Line
    right: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What each model does in one turn."""

    name: str
    players: Mapping[str, Player]


@dataclass(frozen=True, kw_only=True)
class Mistaken:
    """Makes one kind of mistake, in a right or wrong form, and says so in `noted`. Honest without an opening for it."""

    name: str
    where: Where
    repair: Player
    noted: list[Mistake]
    form: str = ""

    def __call__(self, request: Request) -> Reply:
        prompt = read_prompt(request)
        if prompt.failed:
            return self.repair(request)
        try:
            spoiled = spoil(self.name, prompt, self.where)
        except NothingToSpoilError:
            return honest(request)
        harm = SPOILERS[self.name][1]
        self.noted.extend(Mistake(name=self.name, harm=harm, line=line, right=line.quote) for line in spoiled.wrong)
        return Says(FAULTS[self.form](spoiled.lines) if self.form else written(spoiled.lines))


@dataclass(frozen=True)
class RepairsWrongly:
    """Another mistake in the place of the first one."""

    noted: list[Mistake]

    def __call__(self, request: Request) -> Reply:
        prompt = read_prompt(request)
        wrong = []
        for line in repaired_lines(prompt):
            name = next(
                name for name in ("changed_number", "added_negation", "denied") if SPOILERS[name][0](line, prompt)
            )
            changed = SPOILERS[name][0](line, prompt)
            assert changed is not None
            self.noted.append(Mistake(name=f"repair: {name}", harm=Harm.TEXT, line=changed, right=line.quote))
            wrong.append(changed)
        return Says(written(wrong))


@dataclass(frozen=True)
class RepairsAndAdds:
    """An honest repair, and a claim that nobody asked for."""

    noted: list[Mistake]

    def __call__(self, request: Request) -> Reply:
        prompt = read_prompt(request)
        invented = Line(
            text="Every child with dermatomyositis recovers by the age of ten.",
            sources=prompt.ids[:1],
            quote=prompt.failed[0].quote,
        )
        self.noted.append(Mistake(name="repair: invented claim", harm=Harm.TEXT, line=invented, right=""))
        return Says(written((*repaired_lines(prompt), invented)))


@dataclass(frozen=True)
class GoesOn:
    """Every sentence of every passage, and inventions after them."""

    noted: list[Mistake]

    def __call__(self, request: Request) -> Reply:
        prompt = read_prompt(request)
        if prompt.failed:
            return repairs_honestly(request)
        lines = [claim(evidence) for evidence in (*prompt.ranked(), *prompt.evidence)][:MANY]
        invented = Line(text="Relapses never follow.", sources=prompt.ids[:1], quote=lines[0].quote if lines else "")
        self.noted.append(Mistake(name="late invention", harm=Harm.TEXT, line=invented, right=""))
        return Says(written((*lines, invented)))


def one_endless_line(request: Request) -> Reply:
    """All that could be said, in one claim."""
    prompt = read_prompt(request)
    whole = Line(text=" ".join(e.sentence for e in prompt.evidence), sources=prompt.ids, role="bottom_line")
    return Says(whole.json)


def prose(request: Request) -> Reply:
    """A right answer in no form at all, with a wrong one behind it."""
    return Says("Here is what I know about that. " * 400 + "It cures everybody.")


def _text(base: Player, request: Request) -> str:
    said = base(request)
    return said.text if isinstance(said, Says) else ""


def _half(text: str) -> str:
    return text[: len(text) // 2]


TextFault = Callable[[str], Reply]
ON_TEXT: Mapping[str, TextFault] = {
    "hangs in the middle": lambda text: Hangs(after=_half(text)),
    "hangs after the text": lambda text: Hangs(after=text),
    "cut in the middle": lambda text: Cuts(_half(text)),
    "cut after the finish": lambda text: Cuts(text, finish="stop"),
    "breaks in the middle": lambda text: Breaks(_half(text)),
    "breaks after the text": Breaks,
    "filtered at the end": lambda text: Says(text, finish="content_filter"),
    "no [DONE]": lambda text: Says(text, done=False),
    "no finish, no [DONE]": lambda text: Says(text, done=False, finish=None, usage=False),
    "no usage": lambda text: Says(text, usage=False),
    "length": lambda text: Says(_half(text), finish="length"),
    "one character a chunk": lambda text: Says(text, chunks=1),
    "all in one chunk": lambda text: Says(text, chunks=len(text) or 1),
}
AT_ONCE: Mapping[str, Reply | Player] = {
    "429": rate_limited(),
    "429, soon": rate_limited(SOON),
    "429, late": rate_limited(LATE),
    "out of quota": out_of_quota(),
    "500": Fails(500),
    "503": Fails(503),
    "502, a page": bad_gateway(),
    "401": wrong_key(),
    "403": Fails(403),
    "404": Fails(404),
    "400": Fails(400),
    "context overflow": too_long(),
    "prompt filtered": filtered(),
    "hangs": Hangs(),
    "empty": Says(""),
    "white space": Says(" \n\n "),
    "half a JSON event": garbled,
    "a page with status 200": Sends(b"<html>Welcome</html>", content_type="text/html"),
    "refusal": Refuses(),
    "prose": prose,
    "[DONE] only": Sends(b"data: [DONE]\n\n", content_type="text/event-stream"),
}
PROVIDER_FAULTS = (*AT_ONCE, *ON_TEXT)


def faulty(name: str, base: Player) -> Player:
    """A provider with that fault between the model and us."""
    if name in AT_ONCE:
        fixed = AT_ONCE[name]
        return always(fixed) if isinstance(fixed, Reply) else fixed
    return lambda request: ON_TEXT[name](_text(base, request))


def at_first(fault: Player, then: Player) -> Player:
    """The fault at the first call only."""
    left = iter((fault,))

    def play(request: Request) -> Reply:
        return next(left, then)(request)

    return play


@dataclass(frozen=True)
class Dealer:
    """Deals plans at random, so that each kind comes once before any comes again."""

    random: Random
    noted: list[Mistake] = field(default_factory=list)

    def deal(self) -> Iterator[Plan]:
        """One plan a turn, without end."""
        while True:
            deck = [*self._mistakes(), *self._forms(), *self._faults(), *self._answers()]
            self.random.shuffle(deck)
            yield from deck

    def _repair(self) -> tuple[str, Player]:
        ways: Sequence[tuple[str, Player]] = (
            ("repaired", repairs_honestly),
            ("stubborn", repairs_stubbornly),
            ("repaired wrongly", RepairsWrongly(self.noted)),
            ("repaired and more", RepairsAndAdds(self.noted)),
            ("repair fails", lambda _: Fails(500)),
            ("repair hangs", lambda _: Hangs()),
            ("repair gives up", no_answer),
            ("repair is prose", prose),
        )
        return self.random.choices(ways, weights=(3, 3, 3, 2, 1, 1, 1, 1))[0]

    def _mistaken(self, name: str = "", where: Where | None = None, form: str = "") -> tuple[str, Player]:
        name = name or self.random.choice(list(SPOILERS))
        where = where or self.random.choice(list(Where))
        how, repair = self._repair()
        player = Mistaken(name=name, where=where, repair=repair, noted=self.noted, form=form)
        return f"{name} in {where.name.lower()}{f', {form}' if form else ''}, {how}", player

    def _either(self) -> tuple[str, Player]:
        return ("honest", honest) if self.random.random() < 0.5 else self._mistaken()

    def _mistakes(self) -> Iterator[Plan]:
        for name in SPOILERS:
            for where in Where:
                form = self.random.choice(list(FAULTS)) if self.random.random() < 0.2 else ""
                told, player = self._mistaken(name, where, form)
                yield Plan(name=told, players={MAIN: player, SECOND: honest})

    def _forms(self) -> Iterator[Plan]:
        for form in FAULTS:
            told, player = self._mistaken(form=form)
            yield Plan(name=told, players={MAIN: player, SECOND: honest})
            yield Plan(name=form, players={MAIN: Faulty(form), SECOND: honest})

    def _faults(self) -> Iterator[Plan]:
        for fault in PROVIDER_FAULTS:
            told, base = self._either()
            broken = faulty(fault, base)
            yield Plan(name=f"{fault} at both, over {told}", players={MAIN: broken, SECOND: broken})
            told, base = self._either()
            then, other = self._either()
            players = {MAIN: faulty(fault, base), SECOND: other}
            yield Plan(name=f"{fault} at main, over {told}; second: {then}", players=players)
            told, base = self._either()
            players = {MAIN: at_first(faulty(fault, base), base), SECOND: honest}
            yield Plan(name=f"{fault} at first, over {told}", players=players)

    def _answers(self) -> Iterator[Plan]:
        players: Mapping[str, Player] = {
            "honest": honest,
            "no answer": no_answer,
            "goes on": GoesOn(self.noted),
            "one endless line": one_endless_line,
            "leaves open": lambda request: Says(f"{honest(request).text}\n{json.dumps({'not_covered': ['the cost']})}"),
        }
        for name, player in players.items():
            for _ in range(12 if name == "honest" else 3):
                yield Plan(name=name, players={MAIN: player, SECOND: honest})
