"""File names for display and download: a partner's words, made harmless."""

import unicodedata
from collections.abc import Mapping

from clients.documents.types import CSV, DOCX, GIF, JPEG, PDF, PLAIN, PNG, TIFF, XLSX, XML, ZIP

MAX_CHARACTERS = 120
_FORBIDDEN = frozenset('<>:"|?*')
_LONGEST_EXTENSION = 10
_EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    PDF: (".pdf",),
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
    GIF: (".gif",),
    TIFF: (".tif", ".tiff"),
    CSV: (".csv", ".txt", ".tsv"),
    PLAIN: (".txt", ".csv", ".log", ".edi", ".x12"),
    XLSX: (".xlsx",),
    DOCX: (".docx",),
    XML: (".xml",),
    ZIP: (".zip",),
}
# Names Windows gives to devices, whatever follows the dot.
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))]
)


def safe_file_name(name: str, *, mime_type: str | None = None) -> str:
    """The last part of the path, without control or direction characters, at most 120 long.

    With `mime_type` the extension is one of that type, so that `invoice.html` holding plain text
    becomes `invoice.html.txt`. Never empty, never hidden, never a path.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    # Category C: controls, and format characters that turn the reading direction around.
    visible = "".join(
        "_" if character in _FORBIDDEN else character
        for character in unicodedata.normalize("NFC", last)
        if unicodedata.category(character)[0] != "C"
    )
    text = " ".join(visible.split()).strip(". ")
    stem, dot, extension = text.rpartition(".")
    if not stem or len(extension) > _LONGEST_EXTENSION:
        stem, dot, extension = text, "", ""
    suffix = dot + extension
    wanted = _EXTENSIONS.get(mime_type or "")
    if wanted is not None and suffix.lower() not in wanted:
        stem, suffix = stem + suffix, wanted[0]
    stem = stem.strip(". ") or "document"
    if stem.split(".", 1)[0].strip().lower() in _DEVICES:
        stem = f"_{stem}"
    return stem[: MAX_CHARACTERS - len(suffix)].rstrip(". ") + suffix
