"""Drugs, diseases, antibodies, genes: what a claim names, its passage must name in that place."""

from bot.answering.compared import CLEARLY, Compared, contradicted, slot, surroundings, unknown
from bot.answering.tokens import Kind, Token, looks_like_drug
from bot.domain.answers import Verdict
from bot.domain.glossary import DRUG_KINDS, TermKind

NAMED = DRUG_KINDS | {TermKind.DISEASE, TermKind.ANTIBODY}
"""What a passage must name itself, or by a member, before a claim may."""


def check_names(it: Compared) -> Verdict | None:
    said = {token.key for token in it.claim}
    others = [p for p, other in enumerate(it.passage) if is_named(other) and other.key not in said]
    for index, token in enumerate(it.claim):
        if not is_named(token):
            continue
        own = [place.at for place in it.alignment.options[index]]
        if own and (not it.quoting or slot(it, index)[0]):
            continue
        rivals = [p for p in others if _may_replace(token, it.passage[p])]
        rival = max(rivals, key=lambda position: surroundings(it, index, position), default=None)
        near = rival is not None and surroundings(it, index, rival) > 0
        if not own:
            if not (it.quoting or token.term or looks_like_drug(token.key)):
                continue
            if rival is not None and (near or (token.term and token.term.kind in {TermKind.DRUG, TermKind.ANTIBODY})):
                other = called(it.passage[rival])
                return contradicted(f"The passage is about {other}, the claim about {called(token)}.")
            return unknown(f"The passage doesn't mention {called(token)} there.")
        if near and rival is not None:
            here = max(surroundings(it, index, position) for position in own)
            if surroundings(it, index, rival) > here + CLEARLY:
                other = called(it.passage[rival])
                return contradicted(f"There the passage speaks of {other}, the claim of {called(token)}.")
    return None


def is_named(token: Token) -> bool:
    if token.term is not None:
        return token.term.kind in NAMED
    return token.kind is Kind.NAME


def _may_replace(token: Token, other: Token) -> bool:
    if token.term is not None and other.term is not None:
        return token.term.kind is other.term.kind or {token.term.kind, other.term.kind} <= DRUG_KINDS
    return is_named(other)


def called(token: Token) -> str:
    return token.term.name if token.term is not None else token.written
