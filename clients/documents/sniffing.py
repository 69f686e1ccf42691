"""The type of a document, by its content and never by its name.

Types we accept are recognised by checks of our own, since a general library guesses: `puremagic`
calls a text that starts with `BM` a bitmap, and has no opinion on CSV. It is asked only to name what
we do not recognise, for the message; its two version lines (1.x before Python 3.12, 2.x after) share
`magic_string`, and neither is given a file name.

Not looked for: scripts inside a PDF, formulas inside a CSV, and what a ZIP archive carries. They are
inert as long as documents are served as downloads with their own type and `nosniff`.
"""

import csv
import io
import re
import zipfile
from contextlib import suppress
from typing import IO
from xml.parsers import expat

import puremagic

from clients.documents.errors import TypeNotAllowed
from clients.documents.types import CSV, DOCX, GIF, JPEG, PDF, PLAIN, PNG, TIFF, XLSX, XML, ZIP

DEFAULT_ALLOWED_TYPES = frozenset({PDF, JPEG, PNG, GIF, TIFF, CSV, PLAIN, XLSX, DOCX, XML, ZIP})

HEAD = 4096
_MOST_ENTRIES = 10_000
_MOST_UNPACKED = 1024**3
_MARKUP_START = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|link|style|script|svg|iframe|object|embed|img"
    rb"|form|table|div|font|h1|p|br|b|a)\b",
    re.IGNORECASE,
)
# Anywhere in a text; a CSV of products may hold harmless tags in a cell.
_ACTIVE = re.compile(rb"<(?:!doctype\s+html|html|script|svg|iframe)\b", re.IGNORECASE)
_SCRIPT_STARTS = (b"#!", b"<?php", b"<%", b"%!ps", b"@echo off", b"{\\rtf")
_TEXT_CONTROLS = frozenset(range(0x20)) - {0x09, 0x0A, 0x0C, 0x0D} | {0x7F}
_NOT_TEXT = re.compile(b"[" + re.escape(bytes(sorted(_TEXT_CONTROLS))) + b"]")
_XHTML = "http://www.w3.org/1999/xhtml"
_SVG = "http://www.w3.org/2000/svg"
_DELIMITERS = ",;\t|"


def sniff(file: IO[bytes]) -> str:
    """The MIME type of a seekable file.

    Raises TypeNotAllowed for an empty file, for HTML, SVG, scripts and macros whatever the rules
    say, and for content of no type we can tell.
    """
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise TypeNotAllowed(None, "it is empty")
    if head.startswith(b"PK"):
        return _zip_kind(file)
    if (found := _by_signature(head)) is not None:
        return found
    file.seek(0)
    content = file.read()
    encoding = None
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content, encoding = _from_utf16(content), "utf-8"
    if _NOT_TEXT.search(content):
        named = _named_by_library(head)
        raise TypeNotAllowed(named, f"it is {named or 'of no known type'}")
    return _text_kind(content.removeprefix(b"\xef\xbb\xbf"), encoding)


def _by_signature(head: bytes) -> str | None:
    if re.match(rb"%PDF-\d\.\d", head):
        return PDF
    if head.startswith(b"\xff\xd8\xff") and len(head) > 3 and 0xC0 <= head[3] <= 0xFE:
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return PNG
    if head.startswith((b"GIF87a", b"GIF89a")) and len(head) >= 13:
        return GIF
    if head.startswith((b"II*\x00", b"II+\x00")) and len(head) >= 8:
        return TIFF
    if head.startswith((b"MM\x00*", b"MM\x00+")) and len(head) >= 8:
        return TIFF
    return None


def _named_by_library(head: bytes) -> str | None:
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    return next((match.mime_type for match in matches if match.mime_type), None)


def _zip_kind(file: IO[bytes]) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            first = archive.read(entries[0]) if _declares_type(entries) else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise TypeNotAllowed(ZIP, "it is a damaged ZIP archive") from error
    file.seek(0)
    if not entries or not file.read(4) == b"PK\x03\x04":
        raise TypeNotAllowed(ZIP, "it is an empty, split or self-extracting ZIP archive")
    if len(entries) > _MOST_ENTRIES or sum(e.file_size for e in entries) > _MOST_UNPACKED:
        raise TypeNotAllowed(ZIP, "it unpacks to more than is reasonable")
    if any(name.rsplit("/", 1)[-1].lower() == "vbaproject.bin" for name in names):
        raise TypeNotAllowed(ZIP, "it is an office document with macros")
    if "META-INF/MANIFEST.MF" in names:
        raise TypeNotAllowed("application/java-archive", "it is a Java archive")
    if first:
        declared = first[:100].decode("ascii", "replace").strip()
        raise TypeNotAllowed(declared, f"it is {declared}")
    if "[Content_Types].xml" not in names:
        return ZIP
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    raise TypeNotAllowed(ZIP, "it is an office document of a kind we do not take")


def _declares_type(entries: list[zipfile.ZipInfo]) -> bool:
    """OpenDocument and EPUB start with an entry that names their type."""
    return bool(entries) and entries[0].filename == "mimetype" and entries[0].file_size <= 100


def _from_utf16(content: bytes) -> bytes:
    try:
        return content.decode("utf-16").encode()
    except UnicodeError:
        raise TypeNotAllowed(None, "it starts as UTF-16 text and is not") from None


def _text_kind(content: bytes, encoding: str | None) -> str:
    """`encoding` overrules what an XML declaration says of text we have decoded already."""
    start = content[:HEAD].lstrip()
    if start[:20].lower().startswith(_SCRIPT_STARTS):
        raise TypeNotAllowed(PLAIN, "it is a script or a document with commands")
    if start.startswith(b"<") and not _MARKUP_START.match(start):
        return _xml_kind(content.lstrip(), encoding)
    if (markup := _MARKUP_START.match(start) or _ACTIVE.search(content)) is not None:
        tag = markup[0].decode("ascii", "replace").lower()
        raise TypeNotAllowed("text/html", f"it holds active markup ({tag})")
    text = _decoded(content)
    if not text.strip():
        raise TypeNotAllowed(PLAIN, "it is blank")
    return CSV if _is_csv(text) else PLAIN


def _decoded(content: bytes) -> str:
    """UTF-8, or a Western one-byte text: mostly ASCII, since any bytes are *some* such text."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        ascii_bytes = sum(byte < 0x80 for byte in content[:HEAD])
        if ascii_bytes * 2 >= len(content[:HEAD]):
            with suppress(UnicodeDecodeError):
                return content.decode("cp1252")
    named = _named_by_library(content[:HEAD])
    raise TypeNotAllowed(named, f"it is {named or 'of no known type'}")


def _xml_kind(content: bytes, encoding: str | None) -> str:
    """Well-formed XML without anything a browser would run or a parser would expand."""
    parser = expat.ParserCreate(encoding, namespace_separator=" ")

    def element(name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if namespace in {_XHTML, _SVG} or local.lower() in {"html", "svg", "script"}:
            raise TypeNotAllowed("text/html", f"it holds active markup (<{local}>)")

    def doctype(*_: object) -> None:
        raise TypeNotAllowed(XML, "it is XML with a document type declaration")

    def instruction(target: str, data: str) -> None:
        raise TypeNotAllowed(XML, f"it is XML with an instruction ({target})")

    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = doctype
    parser.ProcessingInstructionHandler = instruction
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise TypeNotAllowed(XML, "it starts like XML and is not well formed") from error
    return XML


def _is_csv(text: str) -> bool:
    """Two lines or more, all of one width of at least two by the same delimiter."""
    sample = text[:65_536]
    if len(sample) < len(text):
        sample = sample.rsplit("\n", 1)[0]
    for delimiter in _DELIMITERS:
        try:
            rows = [row for row in csv.reader(io.StringIO(sample), delimiter=delimiter) if row]
        except csv.Error:
            continue
        if len(rows) >= 2 and len(rows[0]) >= 2 and {len(row) for row in rows} == {len(rows[0])}:
            return True
    return False
