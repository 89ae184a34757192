"""Mail addresses, links, and names under which somebody is known on the net."""

import re
from collections.abc import Iterator

from bot.answering.identifiers.found import Found, IdentifierKind

KIND = IdentifierKind
MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+(?:@|\s?(?:\[at\]|\(at\)|\{at\})\s?)[\w-]+(?:(?:\.|\s?\[dot\]\s?|\s?\(dot\)\s?)[\w-]+)+",
    re.IGNORECASE,
)
SPOKEN_MAIL = re.compile(
    r"(?<![\w-])[\w-]{1,40}(?:\s+(?:dot|punkt|punto|point|underscore|dash|minus)\s+[\w-]{1,40}){0,4}\s+(?:at|arroba|arobase)\s+"
    r"[\w-]+(?:\s+(?:dot|punkt|punto|point)\s+[\w-]+)+",
    re.IGNORECASE,
)
LINK = re.compile(r"(?<!\w)(?:(?:https?|ftp)://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]]", re.IGNORECASE)
BARE_LINK = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9-]{2,40}\.){1,6}(?:[a-z]{3,}|io|me|co|de|fr|es|it|nl|pl|pt|tr|ru|uk|at|ch|be|eu|tv|fm"
    r"|ly)/[^\s<>\"]*[^\s<>\".,;:!?)\]]",
    re.IGNORECASE,
)
BARE_DOMAIN = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9-]{3,40}\.){1,6}(?:com|org|net|info|blog|page|site|example|me|io|co\.uk|online"
    r"|app)(?![\w./-]*\w)",
    re.IGNORECASE,
)
LITERATURE = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*(?:doi\.org|nih\.gov|clinicaltrials\.gov|who\.int|europa\.eu|nice\.org\.uk"
    r"|nhs\.uk|cochranelibrary\.com|"
    r"crossref\.org|bmj\.com|thelancet\.com|nejm\.org|nature\.com|springer\.com|wiley\.com|rheumatology\.org"
    r"|printo\.it|"
    r"curejm\.org|fda\.gov|medrxiv\.org|wikipedia\.org)(?=[/?#]|$)",
    re.IGNORECASE,
)
SHORTENED = re.compile(
    r"(?<![\w@./-])(?:t\.me|bit\.ly|wa\.me|fb\.me|youtu\.be|gofund\.me|linktr\.ee|g\.co"
    r"|is\.gd)/[^\s<>\"]*[^\s<>\".,;:!?)\]]",
    re.IGNORECASE,
)
AT_NAME = re.compile(r"(?<![\w@.])@(?!\d+\b)[A-Za-z_][\w.]*\w")
PLATFORM = (
    r"(?:insta(?:gram)?|snap(?:chat)?|tik\s?tok|twitter|discord|telegram|facebook|fb|reddit|skype|threads"
    r"|bluesky|mastodon|"
    r"linkedin|youtube|twitch|xbox|psn|steam|roblox|minecraft|kik|vk|wechat|line\s+id|gamer\s?tag|user\s?name|(?<=my\s)user"
    r"|screen\s?name|"
    r"handle|(?:ig|tg|sc|yt)(?=\s*[:=@]|\s*[-–]\s|\s+(?:is\s+)?[a-z][a-z0-9]*[._]\w)|nick(?=\s*[:=])|benutzername|pseudo|usuario|login)"
)
NAMED = re.compile(
    rf"(?<!\w)(?P<lead>(?:my\s+|our\s+|on\s+)?{PLATFORM}(?:[’']?s)?(?:\s+(?:handle|user\s?name|name|account|id|user|page"
    rf"|profile|channel|blog|group|server|tag))?"
    r"\s*(?P<joint>is|are|:|=|as|under|[-–,])?\s*)(?P<name>@?[A-Za-z0-9][\w.#-]+\w)",
    re.IGNORECASE,
)
ON_PLATFORM = re.compile(
    rf"(?:(?<!\w)(?P<lead>(?:follow|add|dm|pm|message|find|user)\s+(?:me\s+(?:as\s+)?|us\s+(?:as\s+)?)?))?(?<![\w@])(?P<name>[A-Za-z][\w.-]{{3,40}}\w)"
    rf"\s+on\s+(?:my\s+)?{PLATFORM}\b",
    re.IGNORECASE,
)
ASKED_TO_ADD = re.compile(
    r"(?<!\w)(?P<lead>(?:(?:follow|add|dm|pm|message|find|friend)\s+(?:me|us)|mine['’]?s|mine\s+is|my\s+@|find\s+me|posts?\s+as|posting\s+as|known\s+online\s+as|go(?:es)?\s+by)\s*(?:is|on|at|as|under|here|[:@–-])*\s*)"
    r"(?P<name>[A-Za-z][\w.-]{2,30}\w)",
    re.IGNORECASE,
)
LOOKS_MADE_UP = re.compile(r"[\d_#]|\w\.\w|[a-z][A-Z]")
UNDERSCORED = re.compile(r"(?<![\w@./-])(?!anti_)(?=[A-Za-z\d_]{0,20}[A-Za-z]{3})[A-Za-z]{2,30}\d{0,6}_\w{2,}(?![\w@])")
DOTTED = re.compile(r"(?<![\w@./-])[a-z]{3,30}(?:\.[a-z]{3,30}){1,3}\.?\d{1,4}(?![\w@/.-]*\w)")
REDDIT = re.compile(r"(?<![\w/])/?u/[\w-]{3,}")
TAGGED = re.compile(r"(?<![\w#.])[A-Za-z][\w.]{2,40}#\d{4}\b")


def find_contacts(text: str) -> Iterator[Found]:
    """Every mail address, link and handle; links to literature and authorities stay."""
    for pattern in (MAIL, SPOKEN_MAIL):
        yield from (_found(match, KIND.MAIL) for match in pattern.finditer(text))
    for pattern in (LINK, SHORTENED, BARE_LINK, BARE_DOMAIN):
        yield from (_found(match, KIND.LINK) for match in pattern.finditer(text) if not LITERATURE.match(match[0]))
    for pattern in (AT_NAME, REDDIT, TAGGED, UNDERSCORED, DOTTED):
        yield from (_found(match, KIND.HANDLE) for match in pattern.finditer(text))
    for match in NAMED.finditer(text):
        named = match["joint"] != "," and LOOKS_MADE_UP.search(match["name"])
        if match["joint"] in {":", "=", "as", "under"} or named or match["name"].startswith("@"):
            start, end = match.span("name")
            yield Found(start=start, end=end, kind=KIND.HANDLE, lead=match.start())
    for match in ASKED_TO_ADD.finditer(text):
        if LOOKS_MADE_UP.search(match["name"]):
            yield Found(start=match.start("name"), end=match.end("name"), kind=KIND.HANDLE, lead=match.start("name"))
    for match in ON_PLATFORM.finditer(text):
        if match["lead"] or LOOKS_MADE_UP.search(match["name"]):
            start, end = match.span("name")
            yield Found(start=start, end=end, kind=KIND.HANDLE, lead=start)


def _found(match: re.Match[str], kind: IdentifierKind) -> Found:
    return Found(start=match.start(), end=match.end(), kind=kind, lead=match.start())
