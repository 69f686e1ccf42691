"""What a partner says of one product, in every order: the rule against an oracle that is written from the contract."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.campaign_readiness.positions import (
    Commitment,
    Figures,
    Flag,
    Position,
    Word,
    figures_of,
    take,
    total,
)

WORDS = st.builds(
    Word,
    sku=st.just("A"),
    status=st.sampled_from(["committed", "partial", "at_risk", "declined", "maybe", ""]),
    quantity=st.one_of(st.none(), st.integers(-3, 30)),
    ready_by=st.sampled_from(["", "2030-05-01", "2030-05-01T10:00:00Z", "soon", "2030-02-31"]),
)
KNOWN = {"committed", "partial", "at_risk", "declined"}


def position(**more: object) -> Position:
    given: dict[str, object] = {"sku": "A", "expected": 10, "touched": 1} | more
    return Position.model_validate(given)


@given(
    st.dictionaries(st.integers(1, 12), st.tuples(WORDS, st.integers(1, 3)), max_size=8),
    st.integers(1, 3),
    st.randoms(),
)
def test_the_highest_sequence_said_of_the_plan_as_it_is_holds_in_whatever_order_words_come(
    said: dict[int, tuple[Word, int]], touched: int, random: object
) -> None:
    order = list(said)
    random.shuffle(order)  # type: ignore[attr-defined]
    standing = position(touched=touched)
    for sequence in [*order, *order]:  # each comes twice
        word, version = said[sequence]
        taken = take(standing, word, sequence, version)
        assert taken.position is not None
        standing = taken.position
    holding = [
        sequence
        for sequence, (word, version) in said.items()
        if version >= touched and word.status in KNOWN
    ]
    if not holding:
        assert standing.status is Commitment.OPEN
        assert standing.ready == 0
        return
    word = said[max(holding)][0]
    assert standing.sequence == max(holding)
    assert standing.status.value == word.status
    quantity = (
        word.quantity if word.quantity is not None else (10 if word.status == "committed" else 0)
    )
    counts = word.status in {"committed", "partial"}
    assert standing.ready == (min(max(quantity, 0), 10) if counts else 0)
    assert 0 <= standing.ready <= standing.expected


@given(WORDS, st.integers(1, 5))
def test_a_word_that_was_taken_changes_nothing_when_it_comes_again(
    word: Word, sequence: int
) -> None:
    first = take(position(), word, sequence, 1)
    again = take(first.position, word, sequence, 1)
    assert again.position == first.position
    if first.applied:
        assert not again.applied
        assert again.flags == ()


def test_words_are_flagged_for_what_is_wrong_with_them() -> None:
    def flags(word: Word, version: int = 2, **more: object) -> tuple[Flag, ...]:
        return take(position(touched=2, **more), word, 1, version).flags

    assert take(None, Word(sku="GHOST", status="committed"), 1, 1).flags == (Flag.UNKNOWN_SKU,)
    assert flags(Word(sku="A", status="committed"), version=1) == (Flag.OLD_PLAN,)
    assert flags(Word(sku="A", status="perhaps")) == (Flag.UNKNOWN_STATUS,)
    assert flags(Word(sku="A", status="open")) == (Flag.UNKNOWN_STATUS,)
    assert flags(Word(sku="A", status="partial")) == (Flag.UNREADABLE_QUANTITY,)
    assert flags(Word(sku="A", status="committed", quantity=11)) == (Flag.MORE_THAN_EXPECTED,)
    assert flags(Word(sku="A", status="committed", ready_by="1 May")) == (Flag.UNREADABLE_DAY,)
    late = Word(sku="A", status="committed", ready_by="2030-05-02")
    assert flags(late, ready_by=date(2030, 5, 1)) == (Flag.LATER_THAN_ASKED,)
    assert flags(late, ready_by=date(2030, 5, 2)) == ()
    assert flags(Word(sku="A", status="declined")) == ()


def test_a_product_that_is_changed_forgets_what_was_said_of_it() -> None:
    said = take(position(), Word(sku="A", status="committed", quantity=10), 4, 1).position
    assert said is not None
    changed = said.shared(2)
    assert (changed.status, changed.ready, changed.touched) == (Commitment.OPEN, 0, 2)
    late = take(changed, Word(sku="A", status="committed", quantity=10), 5, 1)
    assert late.flags == (Flag.OLD_PLAN,)
    assert take(changed, Word(sku="A", status="committed", quantity=10), 3, 2).applied


@given(
    st.lists(
        st.builds(
            Position,
            sku=st.just("A"),
            expected=st.integers(1, 50),
            status=st.sampled_from(Commitment),
            quantity=st.integers(0, 80),
        ),
        max_size=12,
    )
)
def test_figures_add_up_however_they_are_split(positions: list[Position]) -> None:
    whole = figures_of(positions)
    parts = [figures_of([one]) for one in positions]
    assert whole == total(parts)
    assert whole.products == len(positions)
    counted = (whole.open, whole.committed, whole.partial, whole.at_risk, whole.declined)
    assert sum(counted) == whole.products
    assert whole.share is None or 0 <= whole.share <= 1
    assert Figures().share is None
