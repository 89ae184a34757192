"""Writes small PDFs by hand: text at a place, lines, fills, pictures; no library needed."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595, 842


@dataclass
class Page:
    """Drawing commands; heights count in points from the upper edge."""

    commands: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, said: str, *, size: float = 10, bold: bool = False, extra: str = "") -> None:
        """A line of text; `extra` are commands before it, such as a colour or a way of rendering."""
        coded = said.encode("cp1252").decode("latin-1")
        coded = coded.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        font = "F2" if bold else "F1"
        self.commands.append(f"q BT {extra} /{font} {size} Tf {x} {HEIGHT - y} Td ({coded}) Tj ET Q")

    def wrapped(self, x: float, y: float, said: str, *, letters: int, size: float = 10, leading: float = 12) -> float:
        """A paragraph in lines of so many letters; the height of the line below it."""
        for line in textwrap.wrap(said, letters):
            self.text(x, y, line, size=size)
            y += leading
        return y

    def rule(self, x0: float, x1: float, y: float) -> None:
        """A horizontal line."""
        self.commands.append(f"0.5 w {x0} {HEIGHT - y} m {x1} {HEIGHT - y} l S")

    def fill(self, x: float, y: float, width: float, height: float, grey: float) -> None:
        """A filled area."""
        self.commands.append(f"q {grey} g {x} {HEIGHT - y - height} {width} {height} re f Q")

    def picture(self) -> None:
        """A picture over the whole page."""
        self.commands.append(f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /I1 Do Q")


def make_pdf(pages: Sequence[Page], *, title: str = "", encrypted: bool = False) -> bytes:
    """The file. An encrypted one opens with no password that anybody knows."""
    fonts = "/F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    fonts += " /F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>"
    kids = " ".join(f"{5 + 2 * index} 0 R" for index in range(len(pages)))
    image = "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        f"<< {image} >>\nstream\n\x7f\nendstream".encode("latin-1"),
        f"<< /Title ({title}) >>".encode("latin-1"),
    ]
    for index, page in enumerate(pages):
        drawn = "\n".join(page.commands).encode("latin-1")
        resources = f"<< /Font << {fonts} >> /XObject << /I1 3 0 R >> >>"
        box = f"/MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources {resources} /Contents {6 + 2 * index} 0 R"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} >>".encode())
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    lock = ""
    if encrypted:
        lock = f" /Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <{'17' * 32}> /U <{'2a' * 32}> >>"
        lock += f" /ID [<{'0b' * 16}> <{'0b' * 16}>]"
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R /Info 4 0 R{lock} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + trailer.encode("latin-1")
