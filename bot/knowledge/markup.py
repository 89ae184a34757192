"""Takes the marks of Markdown and HTML out of a line: emphasis, link targets, images, tags, backslashes."""

import re
from itertools import pairwise

from bot.knowledge.traced import Traced

TARGET = r"(?:\([^)\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)|\[[^\]]{0,200}\])"
MARKUP = re.compile(
    rf"""(?P<image>!\[[^\]]{{0,500}}\]{TARGET})
    | (?P<comment><!--.{{0,5000}}?-->)
    | (?P<raised>(?<![\dm])<sup>\s*\[?\d[\d,\s–-]*\]?\s*</sup>)
    | (?P<tag></?[a-zA-Z][^<>]{{0,200}}>)
    | (?P<opening>\[(?=[^\]\[]{{0,1000}}\]{TARGET}))
    | (?P<target>(?<=[^\[])\]\([^)\s]{{0,2000}}(?:\s+\"[^\"]{{0,500}}\")?\) | (?<=\w)\]\[[^\]]{{0,200}}\])
    | (?P<strong>(?<!\w)(?:\*\*\*|\*\*|~~|`+)(?=\S) | (?<=\S)(?:\*\*\*|\*\*|~~|`+))
    | (?P<emphasis>(?<![\w*])[*_]{{1,2}}(?=[^\s*_]) | (?<=[^\s*_])[*_]{{1,2}}(?![\w*]))
    | (?P<escape>\\[!-/:-@\[-`{{-~])""",
    re.VERBOSE | re.DOTALL,
)


def strip_markup(text: Traced) -> Traced:
    """The same text without its marks."""
    found = MARKUP.finditer(text.text)
    return text.edited((match.start(), match.start() + 1 if match["escape"] else match.end(), "") for match in found)


def split_row(line: Traced) -> list[Traced]:
    """The cells of a table row, `| a | b |` or `a | b`."""
    text = line.part(0)
    borders = [match.start() for match in re.finditer(r"(?<!\\)\|", text.text)]
    if not borders or borders[0] > 0:
        borders.insert(0, -1)
    if borders[-1] < len(text.text) - 1:
        borders.append(len(text.text))
    return [strip_markup(text.part(before + 1, after)).collapsed() for before, after in pairwise(borders)]
