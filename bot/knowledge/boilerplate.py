"""Tells what a page says from what surrounds it: banners, pickers, share buttons, disclaimers, calls to action."""

import re
from collections.abc import Sequence

from bot.knowledge.blocks import Block, BlockKind

LONGEST_LINE = 45
TITLED = (BlockKind.PARAGRAPH, BlockKind.HEADING)
WHOLE_LINE = re.compile(
    r"""(?:skip\ to\ (?:main\ )?content | (?:open|close|toggle)?\ ?(?:menu|navigation|search|sidebar) | home
    | share(?:\ (?:this|on)\b.{0,30})? | tweet | (?:e-?mail|print)(?:\ this.{0,20})? | save(?:\ (?:this|article))?
    | bookmark | copy\ link | facebook | twitter | linkedin | whatsapp | reddit | pinterest
    | (?:log|sign)\ (?:in|out|up)(?:\ .{0,40})? | register(?:\ now)? | create\ (?:an\ )?account
    | subscribe(?:\ .{0,60})? | newsletter.{0,60} | advertisement | sponsored.{0,30} | read\ more(?:\ .{0,60})?
    | (?:learn|show|see|view|load)\ (?:more|less|all)(?:\ .{0,60})?
    | view\ (?:editorial\ policy|pdf|article|large.{0,20})
    | download(?:\ (?:pdf|citation|article|as|powerpoint).{0,40})? | back\ to\ top
    | (?:next|previous)(?:\ (?:article|page))? | jump\ to.{0,40} | accept(?:\ all)?(?:\ cookies)? | reject\ all
    | (?:manage|cookie)\ (?:cookies|settings|preferences|policy) | privacy(?:\ (?:policy|notice))?
    | terms(?:\ (?:of|and).{0,30})? | contact\ us | about\ us | help | feedback | comments?(?:\ \(\d+\))?
    | leave\ a\ (?:comment|reply) | (?:request|get)\ (?:rights\ and\ )?permissions?.{0,20}
    | personali[sz]e(?:\ .{0,40})? | educational\ purposes?\ only | open\ in\ (?:a\ )?new\ (?:tab|window).{0,20}
    | full\ text(?:\ links?)? | was\ this\ (?:page|article|information|answer)\ helpful\b.{0,20} | yes\s+no
    | rate\ this\ .{0,20} | get\ the\ app.{0,40} | (?:\d+\s)?(?:likes?|views?|shares?|followers)(?:\s\d+)?
    | \d+\s?min(?:ute)?s?\ read | listen\ to\ this\ .{0,20}
    )[.!:»>]*""",
    re.IGNORECASE | re.VERBOSE,
)
ANYWHERE = re.compile(
    r"""tailor\ your\ experience | which\ best\ describes\ you | (?:this\ (?:web)?site|we)\ uses?\ cookies
    | use\ of\ cookies | sign\ up\ (?:for|to)\ | enter\ your\ e-?mail | all\ rights\ reserved
    | not\ (?:a\ )?(?:substitute|replacement)\ for\ (?:professional\ )?medical
    | does\ not\ (?:constitute|replace|substitute|provide)\ (?:professional|medical|a\ (?:consultation|substitute))
    | assumes?\ no\ (?:liability|responsibility) | terms\ (?:of|and)\ (?:use|service|conditions) | privacy\ policy
    | for\ (?:informational|educational)(?:\ and\ (?:informational|educational))?\ purposes\ only
    | enable\ javascript | javascript\ is\ (?:disabled|required) | your\ browser | click\ here | follow\ us\ on
    | ask\ (?:any|a|your)\ (?:follow[- ]?up\ )?question | instant(?:ly)?\ answers? | support\ our\ work
    | donate\ (?:now|today) | intended\ for\ (?:healthcare|health\ care|medical)\ professionals""",
    re.IGNORECASE | re.VERBOSE,
)
SECTION = re.compile(
    r"""(?:(?:professional|medical|legal|important|general|health)\ )*disclaimers?
    | (?:legal|copyright)\ notice | have\ (?:a|any|more)\ (?:follow[- ]?up\ )?questions?\b.*
    | (?:still|more|any)\ questions?\? | people\ also\ (?:ask|read).* | you\ (?:may|might)\ also\ (?:like|be\ inter).*
    | (?:related|similar|recommended|popular|latest|trending)\ (?:articles?|topics?|content|posts?|stories|pages).*
    | more\ (?:articles?|topics?|posts?|stories)\b.* | share(?:\ this.*)? | comments? | newsletter\b.*
    | stay\ (?:connected|up\ to\ date).* | follow\ us.* | cookies?\ (?:policy|notice|settings)
    | about\ (?:us|(?:this|the)\ (?:site|website|publisher)) | (?:our\ )?sponsors? | advertisement
    | table\ of\ contents | contents | on\ this\ page""",
    re.IGNORECASE | re.VERBOSE,
)
VOICE = re.compile(
    r"\b(?:our|your|you|we|us|this (?:site|website|page|information|content|article|material|answer)|liability"
    r"|cookies?|professional (?:discretion|advice|judge?ment)|informational|subscribe|A\.?I\.?)\b",
    re.IGNORECASE,
)
CRUMBS = re.compile(r"[^.!?>»›]{1,40}(?:\s[>»›]\s[^.!?>»›]{1,60}){1,6}")


def find_boilerplate(blocks: Sequence[Block]) -> set[int]:
    """The indices of what doesn't belong to the text: banners, buttons, disclaimers and repeated lines."""
    found = _repeated_runs(blocks)
    swallowing = False
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        if is_boilerplate_heading(block):
            swallowing = True
            found.add(index)
        elif swallowing and block.kind is not BlockKind.HEADING and _is_of_the_site(block, following):
            found.add(index)
        else:
            swallowing = False
            if is_boilerplate(block, first=index < 3):
                found.add(index)
    return found


def is_boilerplate_heading(block: Block) -> bool:
    """Whether it opens a part of the page that isn't about its subject."""
    return block.kind in TITLED and bool(SECTION.fullmatch(block.text.text.strip(" :")))


def is_boilerplate(block: Block, *, first: bool = False) -> bool:
    """Whether a line or paragraph belongs to the site, not to what is said there. `first`: it stands on top."""
    text = block.text.text
    if block.kind in (BlockKind.ROW, BlockKind.CAPTION):
        return False
    if WHOLE_LINE.fullmatch(text) or (block.glued and block.words <= 5):
        return True
    if block.kind is BlockKind.HEADING:
        return False
    return (first and bool(CRUMBS.fullmatch(text))) or (block.words <= LONGEST_LINE and bool(ANYWHERE.search(text)))


def _is_of_the_site(block: Block, following: Block | None) -> bool:
    """Whether a block below a disclaimer or a call to action still belongs to it."""
    if block.kind is BlockKind.ITEM and block.words <= 15:
        return True
    if block.words > 12:
        return bool(VOICE.search(block.text.text))
    opens = following is not None and (following.kind is not BlockKind.PARAGRAPH or following.words > 12)
    return not opens or (following is not None and bool(VOICE.search(following.text.text)))


def _repeated_runs(blocks: Sequence[Block]) -> set[int]:
    """Lines that other documents have too: in runs with at least one real sentence, or at the very ends of a page.

    A lone short line may be a heading that many pages share, and an item may be the same advice.
    """
    dropped: set[int] = set()
    run: list[int] = []
    for index, block in enumerate([*blocks, None]):
        if block is not None and block.repeated and block.kind in TITLED:
            run.append(index)
            continue
        at_an_end = run and (run[0] == 0 or run[-1] == len(blocks) - 1)
        if at_an_end or any(blocks[place].words >= 6 for place in run):
            dropped.update(run)
        run = []
    return dropped
