"""The digest by which a repeated command is told from another under the same key."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.message import Money
from domain.operator import AddNote, Assign, Cancel, Command, Extend, MessagePartner, Nudge, Retry
from domain.return_claim.decision import Choice, Decide, LineDecision
from domain.return_claim.goods import DispositionType, GoodsLine, GoodsReceived

WORDS = st.text(min_size=1, max_size=8)
ACTORS = st.sampled_from(["operator:maria", "operator:jan"])
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(MessagePartner, actor=ACTORS, partner=WORDS, text=WORDS, hand_back=st.booleans()),
    st.builds(Nudge, actor=ACTORS, partner=WORDS, text=st.just("")),
    st.builds(AddNote, actor=ACTORS, text=WORDS),
    st.builds(Assign, actor=ACTORS, assignee=WORDS),
    st.builds(Cancel, actor=ACTORS, reason=WORDS),
    st.builds(Retry, actor=ACTORS),
    st.builds(
        Decide, actor=ACTORS, choice=st.sampled_from(Choice), lines=st.just(()), amount=st.none()
    ),
)


@given(COMMANDS)
def test_the_same_command_has_the_same_digest_after_its_travels(command: Command) -> None:
    again = type(command).model_validate_json(command.model_dump_json())
    assert again.digest() == command.digest()


@given(COMMANDS, COMMANDS)
def test_another_command_has_another_digest(one: Command, other: Command) -> None:
    same = type(one) is type(other) and one == other
    assert (one.digest() == other.digest()) == same


def test_two_commands_with_the_same_fields_are_not_the_same() -> None:
    class Shout(AddNote):
        """Another word with the same fields."""

    assert AddNote(actor="a", text="x").digest() != Shout(actor="a", text="x").digest()


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LINE = GoodsLine(line_id="1", quantity=1, disposition=DispositionType.MISSING)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            Extend(actor="a", partner="p", until=NOON),
            Extend(actor="a", partner="p", until=NOON + timedelta(seconds=1)),
        ),
        (
            Decide(
                actor="a", choice=Choice.REFUND, amount=Money(amount=Decimal(1), currency="EUR")
            ),
            Decide(
                actor="a", choice=Choice.REFUND, amount=Money(amount=Decimal(1), currency="USD")
            ),
        ),
        (
            Decide(
                actor="a",
                choice=Choice.APPROVE_ACCEPTED,
                lines=(LineDecision(line_id="1", accepted=1),),
            ),
            Decide(
                actor="a",
                choice=Choice.APPROVE_ACCEPTED,
                lines=(LineDecision(line_id="1", accepted=2),),
            ),
        ),
        (
            GoodsReceived(actor="a", lines=(LINE,)),
            GoodsReceived(actor="a", lines=(LINE.model_copy(update={"quantity": 2}),)),
        ),
    ],
)
def test_a_difference_deep_in_a_command_shows(one: Command, other: Command) -> None:
    assert one.digest() != other.digest()


def test_a_field_we_do_not_know_changes_no_digest() -> None:
    fields = {"actor": "a", "text": "x"}
    known = AddNote.model_validate(fields)
    assert AddNote.model_validate(fields | {"since_later": 1}).digest() == known.digest()


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (AddNote, {"text": ""}),
        (Cancel, {"reason": ""}),
        (MessagePartner, {"partner": "p", "text": ""}),
        (MessagePartner, {"partner": "p", "text": "x", "document_ids": ["d"] * 21}),
        (Extend, {"partner": "p", "until": "2026-11-23T12:00:00"}),
    ],
)
def test_a_command_that_says_nothing_certain_is_refused(
    kind: type[Command], fields: dict[str, object]
) -> None:
    with pytest.raises(ValueError):
        kind.model_validate({"actor": "operator:maria"} | fields)


def test_a_command_without_an_actor_is_refused() -> None:
    with pytest.raises(ValueError):
        Retry(actor="")


def test_an_extension_may_be_written_in_any_zone() -> None:
    there = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert Extend(actor="a", partner="p", until=there).until == NOON
