"""A document is what its bytes are."""

import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.documents import DEFAULT_ALLOWED_TYPES, TypeNotAllowed, sniff

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def sniffed(content: bytes) -> str:
    return sniff(io.BytesIO(content))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/jpeg"),
        (b"\xff\xd8\xff\xe1\x00\x10Exif\x00", "image/jpeg"),
        (PNG, "image/png"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "image/gif"),
        (b"II*\x00\x08\x00\x00\x00\x00\x00", "image/tiff"),
        (b"MM\x00*\x00\x00\x00\x08\x00\x00", "image/tiff"),
        (b"sku,quantity\nA,1\nB,2\n", "text/csv"),
        (b'sku;note\r\nA;"one; two"\r\n', "text/csv"),
        ("Größe\tMenge\nä\t1\n".encode("utf-16"), "text/csv"),
        ("\ufeffsku,qty\nA,1".encode(), "text/csv"),
        (b"sku,description\nA,<b>bold</b>\n", "text/csv"),
        (b"Dear team,\nthe box was open, wet, and torn.\n", "text/plain"),
        ("Größe geprüft".encode("cp1252"), "text/plain"),
        (b"ISA*00*          *00*~GS*AN*~", "text/plain"),
        (b"BM is how this text starts", "text/plain"),
        (b"a < b and c > d", "text/plain"),
        (b'<?xml version="1.0"?>\n<Invoice><link>x</link></Invoice>', "application/xml"),
        (b"\xef\xbb\xbf<Order xmlns='urn:o'/>", "application/xml"),
        (
            '<?xml version="1.0" encoding="ISO-8859-1"?><a>Größe</a>'.encode("latin-1"),
            "application/xml",
        ),
        ('<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"), "application/xml"),
    ],
)
def test_a_type_is_known_by_its_content(content: bytes, kind: str) -> None:
    assert sniffed(content) == kind
    assert kind in DEFAULT_ALLOWED_TYPES


def test_office_documents_are_told_from_archives(make_zip: Callable[..., bytes]) -> None:
    types = {"[Content_Types].xml": b"<Types/>"}
    assert sniffed(make_zip(**{"a.txt": b"x"})) == "application/zip"
    assert sniffed(make_zip(**types, **{"xl/workbook.xml": b"<w/>"})) == XLSX
    assert sniffed(make_zip(**types, **{"word/document.xml": b"<w/>"})) == DOCX


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        (
            {"[Content_Types].xml": b"", "xl/workbook.xml": b"", "xl/vbaProject.bin": b""},
            "macros",
        ),
        ({"[Content_Types].xml": b"", "ppt/presentation.xml": b""}, "kind we do not take"),
        ({"META-INF/MANIFEST.MF": b"", "A.class": b""}, "Java"),
        ({"mimetype": b"application/vnd.oasis.opendocument.text"}, "opendocument"),
        ({}, "empty"),
    ],
)
def test_other_archives_are_refused(
    make_zip: Callable[..., bytes], entries: dict[str, bytes], says: str
) -> None:
    with pytest.raises(TypeNotAllowed, match=says):
        sniffed(make_zip(**entries))


def test_damaged_and_disguised_archives_are_refused(make_zip: Callable[..., bytes]) -> None:
    whole = make_zip(**{"a.txt": b"x" * 1000})
    for content in (whole[:-30], b"PK\x03\x04rubbish", b"PK"):
        with pytest.raises(TypeNotAllowed, match="damaged"):
            sniffed(content)
    with pytest.raises(TypeNotAllowed, match="self-extracting"):
        sniffed(b"PKsh stub" + whole)


def test_an_archive_that_unpacks_beyond_reason_is_refused(
    make_zip: Callable[..., bytes],
) -> None:
    with pytest.raises(TypeNotAllowed, match="reasonable"):
        sniffed(make_zip(**{f"{number}": b"" for number in range(10_001)}))


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><p>hi",
        b"  \n<HTML><body>",
        b"\xef\xbb\xbf<html>",
        "<html></html>".encode("utf-16"),
        b"<script>alert(1)</script>",
        b"harmless\n<ScRiPt src=x>",
        b"a,b\n<iframe src=x>,2\n",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="x"/>',
        b'<?xml version="1.0"?><s:a xmlns:s="http://www.w3.org/2000/svg"/>',
        b'<?xml version="1.0"?><r><h:b xmlns:h="http://www.w3.org/1999/xhtml"/></r>',
        b'<?xml version="1.0"?><html/>',
        b"<img src=x onerror=alert(1)>",
    ],
)
def test_html_and_svg_are_refused_however_they_hide(content: bytes) -> None:
    with pytest.raises(TypeNotAllowed, match="active markup") as caught:
        sniffed(content)
    assert caught.value.found == "text/html"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a/>', "document type"),
        (b'<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><a/>', "instruction"),
        (b"<order><line></order>", "not well formed"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "not well formed"),
        (b"#!/bin/sh\nrm -rf /", "script"),
        (b"<?php echo 1; ?>", "script"),
        (b"%!PS-Adobe-3.0", "script"),
        (b"@echo off\r\n", "script"),
        (b"{\\rtf1 x}", "script"),
        (b"", "empty"),
        (b"  \n\t ", "blank"),
        (b"\xff\xfe\x00\xd8\x00\xd8", "UTF-16"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "it is"),
        (b"\x7fELF\x02\x01\x01\x00", "it is"),
        (b"\x00\x01\x02\x03", "it is"),
        (b"\x89PNG\r\n\x1a\nnothing else \x00", "it is"),
        (b"\xff\xd8\xff", "it is"),
        (b"a\x81b", "it is of no known type"),
    ],
)
def test_what_is_not_of_an_accepted_kind_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(TypeNotAllowed, match=says):
        sniffed(content)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_sniffed_or_refused(content: bytes) -> None:
    try:
        kind = sniffed(content)
    except TypeNotAllowed:
        return
    assert kind in DEFAULT_ALLOWED_TYPES
