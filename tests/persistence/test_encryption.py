"""What is sealed opens only with its key, in its place, unaltered."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persistence.encryption import SecretBox, is_sealed
from persistence.errors import BrokenSealError, KeyRingError, UnknownKeyError

PLACE = "shops/acme/access_token"
OLD = {"2025": b"o" * 32}
NEW = {"2026": b"n" * 32}


@given(st.text())
def test_what_was_sealed_opens_again(secret: str) -> None:
    box = SecretBox(NEW)
    assert box.open(box.seal(secret, PLACE), PLACE) == secret


def test_the_sealed_text_names_its_key_and_hides_the_secret() -> None:
    sealed = SecretBox({**NEW, **OLD}).seal("shpat_1234567890", PLACE)
    assert sealed.startswith("gcs1:2026:")
    assert "shpat" not in sealed
    assert b"shpat" not in base64.urlsafe_b64decode(sealed.rpartition(":")[2])
    assert is_sealed(sealed)


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    box = SecretBox(NEW)
    assert box.seal("secret", PLACE) != box.seal("secret", PLACE)


def test_an_older_key_of_the_ring_still_opens() -> None:
    sealed = SecretBox(OLD).seal("secret", PLACE)
    box = SecretBox({**NEW, **OLD})
    assert box.open(sealed, PLACE) == "secret"
    assert not box.is_current(sealed)
    assert box.is_current(box.seal("secret", PLACE))


def test_a_key_that_left_the_ring_is_named() -> None:
    sealed = SecretBox(OLD).seal("secret", PLACE)
    with pytest.raises(UnknownKeyError, match="'2025', which is not in the key ring"):
        SecretBox(NEW).open(sealed, PLACE)


def test_another_key_under_the_same_id_does_not_open() -> None:
    sealed = SecretBox(OLD).seal("secret", PLACE)
    with pytest.raises(BrokenSealError, match="key is another one under the same id"):
        SecretBox({"2025": b"x" * 32}).open(sealed, PLACE)


def test_a_sealed_text_does_not_open_in_another_place() -> None:
    box = SecretBox(NEW)
    with pytest.raises(BrokenSealError, match="moved here from another row"):
        box.open(box.seal("secret", PLACE), "shops/bolt/access_token")


def test_a_sealed_text_does_not_open_under_another_key_id() -> None:
    sealed = SecretBox({"a": b"k" * 32}).seal("secret", PLACE)
    with pytest.raises(BrokenSealError):
        SecretBox({"b": b"k" * 32}).open(sealed.replace(":a:", ":b:"), PLACE)


@given(st.data())
def test_no_altered_byte_goes_unseen(data: st.DataObject) -> None:
    box = SecretBox(NEW)
    head, _, tail = box.seal("secret", PLACE).rpartition(":")
    content = bytearray(base64.urlsafe_b64decode(tail))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BrokenSealError):
        box.open(f"{head}:{base64.urlsafe_b64encode(content).decode()}", PLACE)


@pytest.mark.parametrize("text", ["", "secret", "gcs1:2026:", "gcs1:2026:AAAA", "gcs2:2026:AAAA"])
def test_what_is_no_sealed_text_is_refused(text: str) -> None:
    with pytest.raises(BrokenSealError):
        SecretBox(NEW).open(text, PLACE)


def test_repr_shows_key_ids_and_no_keys() -> None:
    assert repr(SecretBox({**NEW, **OLD})) == "SecretBox(current='2026', keys=['2026', '2025'])"


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        ({}, "empty"),
        ({"a:b": b"k" * 32}, "key id 'a:b'"),
        ({"": b"k" * 32}, "key id ''"),
        ({"a": b"k" * 16}, "has 16 bytes, not 32"),
    ],
)
def test_an_unusable_key_ring_is_refused(keys: dict[str, bytes], complaint: str) -> None:
    with pytest.raises(KeyRingError, match=complaint):
        SecretBox(keys)


def test_a_key_ring_is_read_from_one_setting() -> None:
    new, old = SecretBox.new_key(), SecretBox.new_key()
    text = ", ".join(
        f"{key_id}:{base64.b64encode(key).decode()}" for key_id, key in (("n", new), ("o", old))
    )
    box = SecretBox.parse(text)
    assert box.current_key_id == "n"
    assert box.open(SecretBox({"o": old}).seal("secret", PLACE), PLACE) == "secret"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "entry 1"),
        ("a:" + "A" * 43 + "=,b", "entry 2"),
        ("a:***", "key 'a' is not base64"),
        ("a:AAAA", "has 3 bytes"),
        ("a:" + "A" * 43 + "=,a:" + "B" * 43 + "=", "given twice"),
    ],
)
def test_an_unusable_setting_is_refused_without_showing_keys(text: str, complaint: str) -> None:
    with pytest.raises(KeyRingError, match=complaint) as caught:
        SecretBox.parse(text)
    assert "AAAAAA" not in str(caught.value)
