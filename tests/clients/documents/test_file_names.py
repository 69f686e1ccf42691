"""File names that are safe to show and to save."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.documents import safe_file_name


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\Rechnung 7.pdf", "Rechnung 7.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("inv\u202efdp.exe", "invfdp.exe"),
        (".hidden", "hidden"),
        ("..", "document"),
        ("", "document"),
        ("folder/", "document"),
        ("con.txt", "_con.txt"),
        ("  two   spaces .pdf ", "two spaces.pdf"),
        ("Gru\u0308n.pdf", "Gr\u00fcn.pdf"),
        ('a<b>"c".pdf', "a_b__c_.pdf"),
    ],
)
def test_a_name_is_made_harmless(given_name: str, safe: str) -> None:
    assert safe_file_name(given_name) == safe


@pytest.mark.parametrize(
    ("given_name", "mime_type", "safe"),
    [
        ("photo.JPG", "image/jpeg", "photo.JPG"),
        ("invoice.html", "text/plain", "invoice.html.txt"),
        ("scan", "application/pdf", "scan.pdf"),
        ("data.csv", "text/plain", "data.csv"),
        ("odd.bin", "application/x-unknown", "odd.bin"),
        ("", "image/png", "document.png"),
    ],
)
def test_the_extension_is_that_of_the_content(given_name: str, mime_type: str, safe: str) -> None:
    assert safe_file_name(given_name, mime_type=mime_type) == safe


@settings(deadline=None)
@given(st.text(max_size=400), st.sampled_from([None, "application/pdf", "text/csv"]))
def test_no_name_leads_out_or_grows(name: str, mime_type: str | None) -> None:
    safe = safe_file_name(name, mime_type=mime_type)
    assert 0 < len(safe) <= 120
    assert not set(safe) & set('/\\<>:"|?*')
    assert not safe.startswith(".")
    assert not any(unicodedata.category(character)[0] == "C" for character in safe)
    assert safe_file_name(safe, mime_type=mime_type) == safe
