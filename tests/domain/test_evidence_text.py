"""Our part of a text that staff type into as well: theirs is never lost, ours is there once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dispute.evidence_text import (
    TEXT_LIMIT,
    around,
    damaged,
    fitted,
    lines_of,
    marks_of,
    placed,
    same,
)

OURS = lines_of(
    ["Shipments\n- DHL, tracking number T-1", "Statement of Acme Textiles:\nWe sent it."]
)
LATER = lines_of(["Shipments\n- DHL, tracking number T-2"])
KNOWN = marks_of(OURS) | marks_of(LATER)

staff_words = st.text(alphabet="xyz ", max_size=12)
"""Words no line of ours has."""
staff_texts = st.lists(staff_words, max_size=5).map("\n".join)
our_lines = (
    st.lists(st.text(alphabet="abc= ", min_size=1, max_size=20), min_size=1, max_size=6)
    .map(lines_of)
    .filter(bool)
)


def words(text: str) -> list[str]:
    """Staff's words, in no order: a repair may move them."""
    return sorted(
        word for word in text.replace("\r", "\n").split() if word and set(word) <= set("xyz")
    )


@given(staff_texts, our_lines)
def test_ours_goes_below_what_is_there_and_the_same_again_changes_nothing(
    text: str, ours: tuple[str, ...]
) -> None:
    first = placed(text, ours)
    assert placed(first, ours) == first
    assert around(first).strip() == text.strip()
    assert not damaged(first)


@given(staff_texts, staff_texts, our_lines, our_lines)
def test_what_staff_wrote_before_and_after_stays_as_it_is(
    before: str, after: str, ours: tuple[str, ...], later: tuple[str, ...]
) -> None:
    text = f"{before}\n{placed('', ours)}\n{after}"
    replaced = placed(text, later)
    assert replaced == f"{before}\n{placed('', later)}\n{after}"
    assert placed(replaced, ours) == text


def test_without_anything_to_say_our_part_is_taken_out() -> None:
    text = f"before\n{placed('', OURS)}\nafter"
    assert placed(text, ()) == "before\nafter"
    assert placed("theirs", ()) == "theirs"


def test_a_form_that_changed_line_ends_and_trimmed_lines_has_damaged_nothing() -> None:
    text = placed("theirs  ", OURS)
    sent = "\r\n".join(line.rstrip() for line in text.split("\n")) + "\r\n"
    assert not damaged(sent)
    assert same(placed(sent, OURS), sent)
    assert not same(placed(sent, LATER), sent)


edits = st.one_of(
    st.tuples(st.just("cut"), st.integers(0, 2_000), st.integers(1, 80)),
    st.tuples(st.just("type"), st.integers(0, 2_000), st.text(alphabet="xyz\n ", max_size=15)),
    st.tuples(st.just("drop"), st.integers(0, 40), st.just(0)),
    st.tuples(st.just("twice"), st.integers(0, 40), st.integers(1, 20)),
)


@given(staff_texts, our_lines, our_lines, st.lists(edits, min_size=1, max_size=6))
def test_whatever_staff_do_to_our_part_their_words_stay_and_ours_is_there_once(
    text: str,
    ours: tuple[str, ...],
    later: tuple[str, ...],
    done: list[tuple[str, int, int | str]],
) -> None:
    edited = placed(text, ours)
    for what, at, more in done:
        edited = _edit(edited, what, at, more)
    known = marks_of(ours) | marks_of(later)
    repaired = placed(edited, later, known)
    assert words(repaired) == words(edited)
    assert repaired.count(placed("", later)) == 1
    assert repaired.count("begins here") == 1 + around(repaired, known).count("begins here")
    assert placed(repaired, later, known) == repaired
    assert around(repaired, known) == around(placed(repaired, ours, known), known)


def _edit(text: str, what: str, at: int, more: int | str) -> str:
    """An edit of staff's. Cutting takes no words of theirs out of their own mouth: it is what they wanted."""
    if what == "type":
        at %= len(text) + 1
        return f"{text[:at]} {more} {text[at:]}"
    if what == "cut":
        at %= len(text) + 1
        return text[:at] + text[at + int(more) :]
    lines = text.split("\n")
    at %= len(lines)
    if what == "drop":
        return "\n".join(lines[:at] + lines[at + 1 :])
    return "\n".join(lines[: at + int(more)] + lines[at:])


def test_our_part_without_its_end_is_known_by_its_beginning() -> None:
    text = placed("before", OURS).rsplit("\n", 1)[0] + "\nafter"
    assert damaged(text)
    # Nothing is remembered, and yet none of ours is taken for staff's.
    assert placed(text, LATER) == f"before\n\n{placed('', LATER)}\nafter"


def test_words_in_the_middle_of_ours_are_kept_below() -> None:
    lines = placed("", OURS).split("\n")
    text = "\n".join([*lines[:2], "see the e-mail of Monday", *lines[2:]])
    assert damaged(text, KNOWN)
    repaired = placed(text, LATER, KNOWN)
    assert repaired.startswith(placed("", LATER))
    assert around(repaired).split("\n") == ["see the e-mail of Monday", ""]
    assert "T-1" not in repaired


def test_a_part_pasted_twice_is_there_once_again() -> None:
    once = placed("", OURS)
    assert placed(f"{once}\nand\n{once}", OURS, KNOWN) == f"{once}\nand"


def test_our_lines_without_any_marker_are_still_ours() -> None:
    text = "\n".join(["theirs", *OURS])
    repaired = placed(text, OURS, KNOWN)
    assert repaired.count("T-1") == 1
    assert repaired.startswith("theirs\n")


def test_a_partner_cannot_write_a_marker() -> None:
    marker = placed("", OURS).split("\n")[0]
    nested = marker[:20] + marker + marker[20:]
    for hostile in (marker, nested, marker.replace("begins", "ends")):
        lines = lines_of([f"one\n{hostile}\ntwo"])
        assert "begins here" not in "\n".join(lines)
        text = placed("theirs", lines)
        assert placed(text, lines) == text
        assert around(text).strip() == "theirs"


def test_control_and_direction_characters_do_not_get_in() -> None:
    assert lines_of(["a\u202eb\x00c\x85d\te"]) == ("abc", "d    e")


def test_what_does_not_fit_is_left_out_whole_and_named() -> None:
    long = "x" * (TEXT_LIMIT - 400)
    found = fitted(
        [("facts", "Shipments"), ("long", long), ("longer", long), ("short", "We sent it.")], ""
    )
    assert found.left_out == ("longer",)
    assert len(placed("", found.lines)) <= TEXT_LIMIT
    assert placed("", found.lines).endswith(placed("", ("We sent it.",)).split("\n", 1)[1])
    nothing = fitted([("facts", "Shipments")], "y" * TEXT_LIMIT)
    assert (nothing.lines, nothing.left_out) == ((), ("facts",))


@given(
    st.lists(st.tuples(st.text(max_size=5), st.text(max_size=60)), max_size=8),
    st.text(max_size=80),
    st.integers(0, 700),
)
def test_it_never_grows_beyond_the_room(
    parts: list[tuple[str, str]], theirs: str, room: int
) -> None:
    found = fitted(parts, theirs, room)
    if found.lines:
        assert len(placed(theirs, found.lines)) <= room
    assert len(found.left_out) <= len(parts)


@pytest.mark.parametrize("count", [1, 2])
def test_the_marker_counts_lines(count: int) -> None:
    text = placed("", tuple("ab"[:count]))
    assert f"({count} line{'s' if count > 1 else ''}, " in text
