"""The papers and numbers a bot ships with: real PDF files and container codes with their check digit."""

import zlib

from emulators.trading_grid.store import new_id

PDF = "application/pdf"
COMPANY_PREFIX = "4012345"
"""Of the examples in GS1's General Specifications, so nobody's goods."""


def pdf(title: str, lines: list[str]) -> bytes:
    """One page of text. Characters that Latin-1 lacks become question marks."""
    shown = [f"({_escaped(line)}) Tj T*" for line in (title, "", *lines)]
    text = "\n".join(["BT /F1 12 Tf 14 TL 72 770 Td", *shown, "ET"])
    content = text.encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made = b"%PDF-1.4\n"
    offsets = []
    for number, one in enumerate(objects, 1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return made + b"startxref\n%d\n%%%%EOF\n" % start


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def sscc(seed: str) -> str:
    """A serial shipping container code: 17 digits from ``seed`` and GS1's check digit."""
    digits = f"0{COMPANY_PREFIX}{zlib.crc32(seed.encode()) % 10**9:09d}"
    weighted = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(digits))
    return digits + str(-weighted % 10)


def tracking_number() -> str:
    """Like UPS's; no two are the same."""
    return "1Z" + new_id().replace("-", "")[:16].upper()
