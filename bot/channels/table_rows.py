"""Table rows as labelled lines: pipes and columns don't read on a phone."""

import re

from bot.domain.answers import Citation, Claim

BEFORE = re.compile(r"|.*: ", re.DOTALL)
AFTER = re.compile(r": |; (?:.*: )?", re.DOTALL)
"""What stands before the first cell of a row, and before the others; `CK: ≤150 U/L` is a row of two without labels."""
BETWEEN_CELLS = " … "
"""What stands between the cells in the quotation of a row."""
INDENT = "   "
LINE = f";\n{INDENT}"


def row_cells(text: str, quote: str) -> tuple[tuple[str, str], ...]:
    """What stands before each cell in the reading of a row, and the cell: `("Drug: ", "IVIG"), ("; Dose: ", "2 g/kg")`.

    `text` is the row for reading, maybe with words before it and a full stop after it, `quote` its cells as they stand
    in the document. Empty where these aren't a row of at least two cells with a label.
    """
    cells = quote.split(BETWEEN_CELLS)
    found: list[tuple[str, str]] = []
    end = 0
    for cell in cells:
        start = text.find(cell, end) if cell.strip() else -1
        label = text[end : max(start, 0)]
        if start < 0 or not (AFTER if found else BEFORE).fullmatch(label) or (label == ": " and len(cells) > 2):
            return ()
        found.append((label, cell))
        end = start + len(cell)
    if len(found) < 2 or text[end:] not in ("", ".") or not any(label.endswith(": ") for label, _ in found):
        return ()
    return tuple(found)


def broken_at_cells(claim: Claim, citations: tuple[Citation, ...]) -> str:
    """The claim's text with a line for each cell, where it is a row of a table that it cites; else as it is."""
    for citation in citations:
        cells = row_cells(claim.text, citation.quote) if citation.number in claim.citations else ()
        if cells:
            whole = "".join(label + cell for label, cell in cells)
            (label, cell), *others = cells
            lines = label + cell + "".join(label.replace("; ", LINE, 1) + cell for label, cell in others)
            return lines + claim.text[len(whole) :]
    return claim.text
