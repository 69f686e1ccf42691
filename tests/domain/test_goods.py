"""What a partner's report of the goods comes to, line by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.return_claim.goods import (
    Authorization,
    AuthorizationLine,
    Disposition,
    DispositionType,
    GoodsLine,
    GoodsReceived,
    Report,
    expected,
    goods_problem,
    kept,
    merchant_dispositions,
    outstanding,
    report,
)
from domain.return_claim.lines import ClaimLine, Verdict

BY = "partner:acme"


def told(*lines: AuthorizationLine, accepted: int = 3) -> Report:
    return report(Authorization(id="a", lines=lines), {"1": accepted}, BY)


def line(
    received: int | None = None, code: str = "", *, place: str = "", at: str = ""
) -> AuthorizationLine:
    return AuthorizationLine(
        line_id="1",
        received_quantity=received,
        disposition_code=code,
        location_code=place,
        location_id=at,
    )


@pytest.mark.parametrize(
    ("code", "at", "type_"),
    [
        ("", "7", DispositionType.RESTOCKED),
        ("RA", "7", DispositionType.RESTOCKED),
        ("", "", DispositionType.NOT_RESTOCKED),
        ("RA", "", DispositionType.NOT_RESTOCKED),
        ("DI", "7", DispositionType.NOT_RESTOCKED),
        ("RT", "7", DispositionType.NOT_RESTOCKED),
        ("KA", "7", DispositionType.NOT_RESTOCKED),
        ("KR", "", DispositionType.NOT_RESTOCKED),
        ("MW", "7", DispositionType.PROCESSING_REQUIRED),
        ("RF", "", DispositionType.PROCESSING_REQUIRED),
    ],
)
def test_a_code_and_a_place_say_what_becomes_of_the_goods(
    code: str, at: str, type_: DispositionType
) -> None:
    said = told(line(3, code, place="WH" if at else "", at=at))
    assert said.problems == ()
    [part] = said.dispositions["1"]
    assert (part.type, part.quantity, part.by) == (type_, 3, BY)
    assert part.location_id == ("7" if type_ is DispositionType.RESTOCKED else "")


@given(st.integers(1, 9), st.integers(0, 9))
def test_what_did_not_come_is_missing(accepted: int, received: int) -> None:
    said = told(line(received, place="WH", at="7"), accepted=accepted)
    if received > accepted:
        assert said.dispositions == {}
        assert said.problems == (
            f"Line 1: {BY} reports {received} received, {accepted} were accepted.",
        )
        return
    by_type = {part.type: part.quantity for part in said.dispositions["1"]}
    wanted = {
        DispositionType.RESTOCKED: received,
        DispositionType.MISSING: accepted - received,
    }
    assert by_type == {kind: quantity for kind, quantity in wanted.items() if quantity}
    assert outstanding({"1": accepted}, said.dispositions) == {}


def test_less_than_nothing_received_is_a_problem() -> None:
    assert told(line(-1)).problems
    assert told(line(-1)).dispositions == {}


def test_a_place_that_is_mapped_to_no_location_is_a_problem_and_nothing_is_taken() -> None:
    said = told(line(3, place="DOCK-9"))
    assert said.dispositions == {}
    assert said.problems == (f"Line 1: {BY}'s location 'DOCK-9' is mapped to no Shopify location.",)


def test_a_line_that_is_not_reported_yet_is_waited_for() -> None:
    assert told(line(None, "RA", place="DOCK-9")) == Report()
    assert outstanding({"1": 3}, {}) == {"1": 3}


def test_a_line_that_nobody_waits_for_is_passed_over() -> None:
    assert told(AuthorizationLine(line_id="9", received_quantity=1)) == Report()


def test_a_line_that_is_reported_twice_is_a_problem_whatever_it_would_come_to() -> None:
    said = told(line(2, place="WH", at="7"), line(1, "DI"))
    assert said.dispositions == {}
    assert len(said.problems) == 1
    assert "Line 1" in said.problems[0]


def test_a_line_that_is_named_again_without_a_count_is_reported_once() -> None:
    assert told(line(3), line(None)).dispositions == told(line(3)).dispositions != {}


def claim(line_id: str, quantity: int) -> ClaimLine:
    return ClaimLine(
        line_id=line_id,
        line_item_id=line_id,
        fulfillment_line_item_id=line_id,
        quantity=quantity,
    )


RULED = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()).filter(
        lambda one: sum(one[:2]) > 0
    ),
    max_size=5,
)


@given(RULED)
def test_every_accepted_piece_either_comes_back_or_is_kept(
    ruled: list[tuple[int, int, bool]],
) -> None:
    lines = [claim(str(place), one[0] + one[1]) for place, one in enumerate(ruled)]
    verdicts = {
        str(place): Verdict(
            line_id=str(place), accepted=accepted, refused=refused, keep=keep, by=BY
        )
        for place, (accepted, refused, keep) in enumerate(ruled)
    }
    back, stays = expected(lines, verdicts), kept(lines, verdicts)
    kept_pieces = {part.line_id: part.quantity for part in stays}
    assert not set(back) & set(kept_pieces)
    assert back | kept_pieces == {
        key: one.accepted for key, one in verdicts.items() if one.accepted
    }
    assert all(part.type is DispositionType.NOT_RESTOCKED for part in stays)
    assert expected(lines, {}) == {}


def counted(*lines: tuple[str, int, DispositionType, str]) -> GoodsReceived:
    return GoodsReceived(
        actor="operator:maria",
        lines=tuple(
            GoodsLine(line_id=line_id, quantity=quantity, disposition=type_, location_id=at)
            for line_id, quantity, type_, at in lines
        ),
    )


@pytest.mark.parametrize(
    ("command", "told_"),
    [
        (counted(("9", 1, DispositionType.MISSING, "")), "No goods are expected for line 9"),
        (counted(("1", 3, DispositionType.RESTOCKED, "")), "a location is needed"),
        (counted(("1", 2, DispositionType.MISSING, "")), "2 pieces are accounted for, 3 were"),
        (
            counted(
                ("1", 2, DispositionType.RESTOCKED, "7"), ("1", 2, DispositionType.MISSING, "")
            ),
            "4 pieces are accounted for, 3 were",
        ),
    ],
)
def test_a_count_that_does_not_fit_says_why(command: GoodsReceived, told_: str) -> None:
    assert told_ in goods_problem(command, {"1": 3, "2": 1})


def test_a_line_may_be_counted_in_parts_and_others_left_for_later() -> None:
    command = counted(
        ("1", 2, DispositionType.RESTOCKED, "7"), ("1", 1, DispositionType.MISSING, "7")
    )
    assert goods_problem(command, {"1": 3, "2": 1}) == ""
    assert merchant_dispositions(command) == {
        "1": (
            Disposition(
                line_id="1",
                quantity=2,
                type=DispositionType.RESTOCKED,
                location_id="7",
                by="operator:maria",
            ),
            Disposition(line_id="1", quantity=1, type=DispositionType.MISSING, by="operator:maria"),
        )
    }
    assert outstanding({"1": 3, "2": 1}, merchant_dispositions(command)) == {"2": 1}


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_count_of_no_pieces_is_refused(quantity: int) -> None:
    with pytest.raises(ValueError):
        GoodsLine(line_id="1", quantity=quantity, disposition=DispositionType.MISSING)


def test_a_word_on_the_goods_without_a_line_is_refused() -> None:
    with pytest.raises(ValueError):
        GoodsReceived(actor="operator:maria", lines=())
