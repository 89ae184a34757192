"""Sentences that speak to the machine which reads them, not to people: orders, marks of a chat, what nobody is to see.

Documents are data. Such a sentence is never quoted, whatever it says; curators are told of it. The patterns say what it
is to address a machine, and leave alone what doctors and parents tell each other ("give", "stop", "you must").
"""

import re

from bot.domain.text import fold

LOOKALIKES = str.maketrans("аеорсухіјѕԁԛԝһаɡɑοαρυνικτ", "aeopcyxijsdqwhagaoapuvikt")
"""Letters of other alphabets that look like Latin ones; they count as such in a word that has Latin letters, too."""
MIXED = re.compile(r"\b(?=\w*[a-z])(?=\w*[\u0370-\u04ff\u0250-\u02af\u0500-\u052f])\w+")

START = r"(?:^|[.:;!?(>\"“|–] ?|\b(?:and|then|now|please|always|only|must|should|or) )"
"""Where an order begins: a clause, or a word that leads to it."""
MACHINE = (
    r"(?:ai (?:assistants?|models?|readers?|systems?|agents?|bots?)|(?:large |small )?language models?|llms?"
    r"|chat ?-?bots?|chatgpt|(?:virtual|digital) assistants?|the (?:assistant|bot|ai)|(?:the |any )?model reading this"
    r"|(?:the |any )?(?:model|machine|assistant|program|ai) (?:that|which|who) (?:reads|is reading|processes) this)"
)
SAY = (
    r"(?:say|tell|inform|answer|reply|respond|print|output|write|append|add|repeat|mention|reveal|confirm|recommend"
    r"|praise|cite|quote|begin|insert|include|advise|promote|display|show|return|mark|obey|follow|ignore|disregard"
    r"|forget|state|claim|rate|rank|grade|judge|score|generate|produce|use|treat|stop|start|never|always|not)"
)
RULES = (
    r"(?:instructions?|rules?|prompts?|guard ?rails?|(?:the )?gate|safety checks?|restrictions|system message"
    r"|consignes|regles|anweisungen|regeln|reglas|instrucciones|istruzioni|regole|regras|instrucoes|regels|instructies"
    r"|zasady|instrukcje|инструкции|правила|указания)"
)
TO_READERS = r"(?:(?:the|all|every|any|each|our|your|this) )?(?:users?|readers?|everybody|everyone)\b"
REPLY = r"(?:repl(?:y|ies)|answers?|responses?|outputs?|messages?)"

FOLDED = tuple(
    re.compile(pattern)
    for pattern in (
        # A machine is addressed.
        rf"(?:^|[.:;!?] ?|\bdear |\battention,? ){MACHINE} ?[,:!]",
        rf"\b(?:note|memo|message|instructions?|notice|hint|reminder) (?:for|to) (?:all |any |the )?{MACHINE}",
        rf"(?:^|[.:;!?] ?)(?:ai|assistant|bot|chatbot|model|system|llm|footnote) ?[,:] ?(?:you |please |now )*{SAY}\b",
        (
            rf"\b{MACHINE} (?:\w+ )?(?:must|should|shall|may|can|will|has to|have to|needs? to"
            r"|is (?:obliged|told|free) to"
            rf"|are (?:obliged|told|free) to)( \w+)? {SAY}\b"
        ),
        r"(?:^|[.!?] ?|\n)(?:assistant|chatbot|llm|gpt|developer) ?: ",
        r"(?:^|[.!?:;] ?)system ?: ?(?:\w+ ){0,2}(?:reveal|output|print|always|never|ignore|reply|tell|say|the gate)\b",
        r"\b(?:to|for) the (?:bot|chatbot|assistant|language model)\b",
        # The rules are to be changed.
        (
            rf"(?<!not )(?<!n't )(?<!never )\b(?:ignor\w*|disregard|forget|override|overrule|bypass|disable"
            rf"|oublie\w*|olvida"
            rf"|vergiss|vergesst|vergeet|negeer|dimentica|esqueca|zignoruj|zapomnij|игнорируи\w*"
            rf"|забудь\w*) (?:\w+ ){{0,4}}{RULES}\b"
        ),
        (
            rf"{START}(?:ignore|disregard|forget) (?:all |the |any |every |your |other |whatever )*(?:sources|documents"
            r"|passages|citations|footnotes|disclaimers?|rest|above|previous|everything|library)\b"
        ),
        (
            r"\bthe gate (?:is|was|has been) (?:now )?(?:off|open|disabled|switched off)\b|\byou are (?:now )?(?:free"
            r"|unrestricted|no longer|released)\b|\bnew (?:system )?rules? ?:|\bsystem prompt\b"
        ),
        (
            r"\bneeds? no (?:\w+ and no )?(?:disclaimer|footnote|citation)|\b(?:uncited|unsourced) answers?\b"
            r"|\b(?:write|answer|reply|respond)\b[^.]{0,30}\b(?:without|with no) (?:sources?|citations?|footnotes?)\b"
        ),
        r"\b(?:verdict|review_status|gate\.?\w*|recipients?|admins?) ?[:=] ?\w",
        r"\b(?:switch|set|change) (?:this|the|every) (?:chat|conversation|audience|user)\b|\bas (?:an )?admin\b",
        # It is said what is to be said.
        rf"{START}(?:tell|inform|assure|convince|warn|advise|urge|instruct|remind|ask|give|show|send) {TO_READERS}",
        (
            r"\b(?:the )?(?:users?|readers?) (?:must|should|has to|have to|is to|are to) (?:\w+ )?be (?:told"
            r"|informed|advised)"
        ),
        rf"{START}{SAY}\b[^.]{{0,60}}\bto (?:the )?(?:users?|readers?)\b",
        rf"{START}{SAY}\b[^.]{{0,60}}\b(?:in|to|into|with|at the end of) (?:each|every|all|the|your|any) {REPLY}\b",
        rf"{START}(?:begin|start|end|open|close) (?:each|every|all|the|your) {REPLY}\b",
        (
            rf"{START}(?:reply|respond|answer) (?:only |just |solely |always )*(?:with|by saying|that"
            r"|in|to (?:the|every|each|all|any) (?:users?|readers?))\b"
        ),
        rf"{START}(?:now |just )*(?:say|obey|decode|output)\b(?![,)]| (?:all |was|were|is|of|from|and|data|by)\b)",
        r"[,:;] (?:answer|reply|respond) that\b",
        r"(?:^|[.:;!?>] ?)(?:please |now )*print (?!this|the|legibly|or |and )",
        rf"{START}answer (?:\W?[\w-]*\d|only|nothing)|\bdo(?:n't| not) answer\b",
        (
            r"\bthe (?:only |sole )*(?:correct|right|valid|permitted|allowed) (?:answers?|repl(?:y|ies)|ids?"
            r"|citations?|sources?) (?:is|are)\b"
        ),
        rf"{START}cite (?:this|it|only|nothing|as|the|me|no)\b",
        (
            r"\b(?:orders?|commands?|instructs?|obliges?) you to (?:say|write|print|tell|answer|reply|add"
            r"|mention|cite|recommend)\b"
        ),
        (
            r"\b(?:reveal|print|leak|disclose|output|post|paste) (?:the |your |this )?(?:\w+ )?(?:prompt"
            r"|token|secret|password|api key)s?\b"
        ),
        (
            r"\b(?:send|forward|post|upload|e-?mail|transmit) (?:the|this|your|our|all"
            r"|every) (?:\w+ )?(?:conversation|chat|question"
            r"|prompt|token|key|history|answer)s?\b"
        ),
        # The same in other languages.
        (
            r"\b(?:repon(?:d|dez|ds)|responde|responda|rispondi|antworte|antworten sie|antwoord|odpowiedz)"
            r" (?:uniquement|seulement|solo|solamente|unicamente|apenas|somente|nur|ausschliesslich|alleen|tylko)\b"
        ),
        (
            r"\b(?:dis|dites|di|diga|dile|sag|sage|sagen sie|zeg|vertel|powiedz|informez?) (?:a |au "
            r"|all?['’ ]?|ao |dem |der |de )?"
            r"(?:l['’])?(?:utilisateur|lecteur|usuario|lector|utente|lettore|utilizador|leitor|nutzer"
            r"|benutzer|leser|gebruiker"
            r"|lezer|uzytkownikowi|czytelnikowi)"
        ),
        r"(?:сообщи|скажи|ответь|напиши)\w* (?:\w+ )?(?:пользовател|читател|только)",
        r"忽略|無視して|تجاهل",
    )
)
RAW = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (r"<\|\w+\|>|\[/?INST\]|<</?SYS>>", 0),
        (r"\{\s*\\?\"\w+\\?\"\s*:", 0),
        (
            (
                r"(?<![\w/.#-])(?=[A-Za-z0-9+]*[a-z])(?=[A-Za-z0-9+]*[A-Z])(?=[A-Za-z0-9+]*\d)[A-Za-z0-9+]{24,}={0,2}(?![\w/.]"
                r")"
            ),
            0,
        ),
        (r"(?:%[0-9a-f]{2}){4}|(?<!\w)[0-9a-f]{40,}(?!\w)", re.IGNORECASE),
        (r"(?:(?<!\S)\w(?:\s+[:,.;-])?\s+){6}", 0),
    )
)
CUES = frozenset(
    """ai llm llms chatgpt gpt bot bots chatbot chatbots assistant assistants model models system llm footnote machine
    program developer user users reader readers everybody everyone
    reply replies respond response responses answer answers output outputs
    say obey decode print cite ignore disregard forget override overrule bypass disable gate rules unrestricted released
    free longer disclaimer footnotes citation citations uncited unsourced verdict review_status admin admins recipient
    recipients chat conversation prompt prompts token tokens password passwords key secret orders commands instructs
    obliges requires message messages audience valid permitted
    oublie oubliez olvida vergiss vergesst vergeet negeer dimentica esqueca zignoruj zapomnij ignorez ignoriere ignora
    ignorieren ignoriert repondez reponds responde responda rispondi antworte antworten antwoord odpowiedz utilisateur
    lecteur usuario lector utente lettore utilizador leitor nutzer benutzer leser gebruiker lezer uzytkownikowi
    czytelnikowi""".split()
)
"""At least one of these stands in every sentence of Latin letters that the patterns find; most sentences have none."""
FOREIGN = re.compile("[\u0370-\u1fff\u3000-\uffff]")
A_WORD = re.compile(r"[a-z_]+")
TURNED = re.compile("[\u202d\u202e]")
"""Marks that turn the order of letters around: what is read isn't what is shown."""
REGIONS = tuple(
    re.compile(pattern, re.DOTALL | re.IGNORECASE | re.MULTILINE)
    for pattern in (
        r"<\|im_start\|>.{0,5000}?(?:<\|im_end\|>|(?=\n\s*\n)|\Z)",
        r"\[INST\].{0,5000}?(?:\[/INST\]|(?=\n\s*\n)|\Z)",
        r"</?(passage|system|assistant|user|human|prompt|instructions?|question|sources?)\b[^>\n]*>[^\n]*",
        r"<(script|style|svg|template|noscript|iframe|object|textarea|select)\b[^>]{0,500}>.{0,5000}?</\1\s*>",
        (
            r"<(\w+)\b[^>]{0,500}?(?:\bhidden\b|aria-hidden|display\s*:\s*none|visibility\s*:"
            r"|opacity\s*[:=]\s*[\"']?0(?![.\d]*[1-9])"
            r"|font-size\s*:\s*[01](?:\.\d+)?p|-\d{3,}px)[^>]{0,500}>.{0,5000}?</\1\s*>"
        ),
        r"^[ \t>*-]*(?:assistant|chatbot|ai|bot|llm|gpt)[ \t]*:[^\n]*",
        r"^[ \t]{0,3}\[[^\]\n]{1,200}\]:[ \t]*\S*(?:[ \t]+\"[^\"\n]*\")?(?=[ \t]*$)",
        r"[ \t]?\[[a-z0-9]+-(?:19|20)\d\d(?:-[a-z0-9]+)+\]",
        "^[^\n]*[\u202d\u202e][^\n]*",
    )
)


def is_order(sentence: str) -> bool:
    """Does the sentence speak to the machine that reads it, or hide what it says from people?"""
    if TURNED.search(sentence) or any(pattern.search(sentence) for pattern in RAW):
        return True
    folded = MIXED.sub(lambda word: word.group().translate(LOOKALIKES), fold(sentence))
    if not FOREIGN.search(folded) and CUES.isdisjoint(A_WORD.findall(folded)):
        return False
    return any(pattern.search(folded) for pattern in FOLDED)


def hidden_regions(source: str) -> tuple[tuple[int, int], ...]:
    """Where a text holds what no person is to read: marks of a chat with what they enclose, hidden elements."""
    found = sorted(match.span() for region in REGIONS for match in region.finditer(source))
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return tuple(apart)
