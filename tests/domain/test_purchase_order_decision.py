"""What the merchant is asked about purchase orders, what it may answer; and what follows from the ledger."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.policy import AtDeadline, PurchaseOrderPolicy
from domain.purchase_order.decision import (
    ALLOWED,
    Choice,
    Decide,
    LineChoice,
    Topic,
    questions,
    words_of,
)
from domain.purchase_order.lines import Ledger, Line, apply_response, apply_shipment
from domain.purchase_order.orders import (
    ChangedLine,
    ChangeStatus,
    OrderStatus,
    PurchaseOrder,
    Purpose,
    within_tolerance,
)
from domain.purchase_order.responses import Response, ResponseLine
from domain.purchase_order.state import OrderedLine, Phase, PurchaseOrderState

LIMIT = date(2027, 3, 1)


def order(*codes: dict[str, object], number: str = "PO-1", **policy: object) -> PurchaseOrder:
    """Ten of line 1, as one response leaves it."""
    book = Ledger(lines={"1": Line(line_id="1", sku="A", unit_price=Decimal(10), ordered=10)})
    if codes:
        lines = tuple(ResponseLine.model_validate({"line_id": "1"} | code) for code in codes)
        book = apply_response(book, Response(id="r1", sequence=1, lines=lines))
    return PurchaseOrder(
        number=number,
        partner="p",
        tenant="t",
        policy=PurchaseOrderPolicy.model_validate(policy),
        currency="EUR",
        status=OrderStatus.SENT,
        asked_for=True,
        remote_id="x",
        ledger=book,
        late_after=LIMIT,
    )


def topics(made: PurchaseOrder) -> list[Topic]:
    return [question.topic for question in questions([made], ())]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"ack_code": "IA"}, []),
        ({"ack_code": "IP", "unit_price": "10.20"}, []),
        ({"ack_code": "IP", "unit_price": "10.21"}, [Topic.PRICE]),
        ({"ack_code": "IA", "unit_price": "99"}, [Topic.PRICE]),
        ({"ack_code": "IP", "unit_price": "1"}, []),
        ({"ack_code": "IE"}, [Topic.PRICE]),
        ({"ack_code": "IE", "unit_price": "10"}, []),
        ({"ack_code": "IS", "substitute_sku": "B"}, [Topic.SUBSTITUTE]),
        ({"ack_code": "IR"}, [Topic.REJECTED]),
        ({"ack_code": "IQ", "quantity": 9}, [Topic.REJECTED]),
        ({"ack_code": "??"}, [Topic.CODE]),
        ({"ack_code": "IF"}, [Topic.CODE]),
        ({"ack_code": "IC"}, [Topic.CODE]),
        ({"ack_code": "IH"}, []),
        ({"ack_code": "DR", "ship_date": "2027-03-01"}, []),
        ({"ack_code": "DR", "ship_date": "2027-03-02"}, [Topic.DATE]),
        ({"ack_code": "IB", "ship_date": "2027-04-01"}, [Topic.DATE]),
        ({"ack_code": "IB"}, []),
    ],
)
def test_what_the_partner_says_asks_the_merchant_where_only_it_can_tell(
    said: dict[str, object], asked: list[Topic]
) -> None:
    assert topics(order(said)) == asked


def test_a_word_settles_its_question_until_the_partner_says_something_else() -> None:
    made = order({"ack_code": "IP", "unit_price": "20"})
    [question] = questions([made], ())
    assert questions([made], {question.key}) == ()
    later = Response(
        id="r2",
        sequence=2,
        lines=(ResponseLine(line_id="1", ack_code="IP", unit_price=Decimal(30)),),
    )
    made.ledger = apply_response(made.ledger, later)
    assert len(questions([made], {question.key})) == 1
    assert made.agreed_price(made.lines["1"]) == 10
    [again] = questions([made], {question.key})
    assert made.agreed_price(made.lines["1"], {again.key}) == 30


def test_nothing_is_asked_about_what_has_shipped() -> None:
    made = order({"ack_code": "IP", "unit_price": "20"})
    made.ledger = apply_shipment(made.ledger, "S", {"1": 10})
    assert topics(made) == []


@pytest.mark.parametrize(
    ("at_deadline", "asked"),
    [
        (AtDeadline.ASK_MERCHANT, [Topic.SILENCE]),
        (AtDeadline.APPROVE_UNDER, [Topic.SILENCE]),
        (AtDeadline.KEEP, []),
        (AtDeadline.DECLINE, []),
    ],
)
def test_silence_asks_where_the_policy_says_so(at_deadline: AtDeadline, asked: list[Topic]) -> None:
    from datetime import UTC, datetime

    made = order(at_deadline=at_deadline)
    made.silent_since = datetime(2027, 1, 1, tzinfo=UTC)
    assert topics(made) == asked


def test_who_is_waited_for_is_the_partner_only_where_it_owes_something() -> None:
    assert order().expects_answer
    assert order({"ack_code": "IB"}).expects_answer, "a date"
    assert order({"ack_code": "IH"}).expects_answer
    assert order({"ack_code": "IA", "quantity": 4}).expects_answer, "the rest"
    for code in ("IA", "IS", "??", "IR"):
        assert not order({"ack_code": code}).expects_answer
    assert order({"ack_code": "IA"}).expects_shipment
    assert not order({"ack_code": "IR"}).expects_shipment


def decide(choice: str = "", **lines: str) -> Decide:
    return Decide(
        actor="operator:maria",
        choice=Choice(choice) if choice else None,
        lines=tuple(
            LineChoice(line_id=key.lstrip("_"), choice=Choice(word)) for key, word in lines.items()
        ),
    )


def test_one_word_answers_everything_it_fits() -> None:
    made = order({"ack_code": "IQ", "quantity": 9, "unit_price": "20"})
    asked = questions([made], ())
    assert {question.topic for question in asked} == {Topic.REJECTED, Topic.PRICE}
    assert len(words_of(decide("accept"), asked, [made])) == 2
    [word] = words_of(decide("reject"), asked, [made])
    assert word.question is not None
    assert word.question.topic is Topic.PRICE, "a rejection can't be insisted away"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (decide("accept"), "Nothing is asked now."),
        (decide(_7="give_up"), "There is no line 7"),
        (decide(_1="accept"), "Nothing is asked about 1 now."),
    ],
)
def test_a_word_that_fits_nothing_is_refused(command: Decide, words: str) -> None:
    made = order({"ack_code": "IA"})
    with pytest.raises(ValueError, match=words):
        words_of(command, questions([made], ()), [made])


def test_a_line_of_two_purchase_orders_must_be_named_with_its_number() -> None:
    orders = [order({"ack_code": "IR"}), order({"ack_code": "IR"}, number="PO-2")]
    asked = questions(orders, ())
    with pytest.raises(ValueError, match="Several purchase orders"):
        words_of(decide(_1="accept"), asked, orders)
    command = Decide(
        actor="operator:maria",
        lines=(LineChoice(line_id="1", po_number="PO-2", choice=Choice.ACCEPT),),
    )
    [word] = words_of(command, asked, orders)
    assert word.po_number == "PO-2"


def test_a_decision_is_one_word_or_words_on_lines() -> None:
    with pytest.raises(ValueError, match="either choice or lines"):
        Decide(actor="operator:maria")
    assert set(ALLOWED) == set(Topic)


@given(
    st.decimals("0.01", "1000", places=2),
    st.decimals("0.01", "2000", places=2),
    st.decimals("0", "1", places=2),
)
def test_a_price_passes_up_to_the_tolerance_and_not_above(
    ours: Decimal, theirs: Decimal, share: Decimal
) -> None:
    assert within_tolerance(ours, theirs, share) == (theirs <= ours * (1 + share))


def state(*orders: PurchaseOrder) -> PurchaseOrderState:
    return PurchaseOrderState(phase=Phase.RUNNING, order_id="7", orders=list(orders))


def held(made: PurchaseOrderState) -> tuple[dict[str, int], dict[str, int]]:
    undated, dated = made.holds(12)
    return undated.quantities, dated.quantities


def test_holds_are_the_late_pieces_and_each_handle_is_the_cases_own() -> None:
    made = state(
        order(
            {"ack_code": "IB", "quantity": 3},
            {"ack_code": "IB", "quantity": 2, "ship_date": "2027-05-01"},
            {"ack_code": "IA", "quantity": 4},
        )
    )
    assert held(made) == ({"1": 3}, {"1": 2})
    assert [plan.handle for plan in made.holds(12)] == [
        "gridcase:purchase_order:12",
        "gridcase:purchase_order:12:dated",
    ]
    made.orders[0].announced["S"] = {"1": 6}
    assert held(made) == ({"1": 3}, {"1": 1})
    made.orders[0].announced["S"] = {"1": 10}
    assert held(made) == ({}, {})


def test_a_date_the_merchant_accepted_is_not_held() -> None:
    made = state(order({"ack_code": "DR", "ship_date": "2027-05-01"}))
    assert held(made) == ({}, {"1": 10})
    made.decided[made.asked[0].key] = Choice.ACCEPT
    assert held(made) == ({}, {})


def test_what_is_promised_counts_what_is_on_its_way_both_ways() -> None:
    made = state(order({"ack_code": "IQ", "quantity": 8}))
    made.known["1"] = OrderedLine(line_id="1", sku="A", quantity=10)
    assert made.promised("1") == 8
    change = made.orders[0].plan(Purpose.CANCEL, {"1": ChangedLine(pieces=3)}, "less")
    assert made.promised("1") == 5
    made.orders[0].plan(Purpose.CHANGE, {"1": ChangedLine(pieces=1)}, "more")
    assert made.promised("1") == 6
    assert change is not None
    made.orders[0].acknowledge(change)
    assert (change.status, change.taken_back) == (ChangeStatus.ACKNOWLEDGED, {"1": 3})
    assert made.promised("1") == 6


def test_what_was_never_sent_is_changed_without_a_word() -> None:
    made = order()
    made.asked_for = False
    assert made.plan(Purpose.CANCEL, {"1": ChangedLine(pieces=4)}, "less") is None
    assert made.lines["1"].wanted == 6
    assert made.changes == []
