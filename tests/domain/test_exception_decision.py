"""The merchant's words on the lines of an exception, what they come to, and what of an order is an exception."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from domain.case import CaseStatus
from domain.order_exception.decision import (
    Choice,
    Decide,
    Reassign,
    decision_problem,
    reassign_problem,
)
from domain.order_exception.lines import ExceptionLine, How, Offer, Said
from domain.order_exception.names import OrderExceptionInput, Outcome, Reason
from domain.order_exception.opening import exceptional_lines, wants_review
from domain.order_exception.standing import order_entry, snapshot, standing
from domain.order_exception.state import AskedPartner, OrderExceptionState, Phase
from domain.partner_case import PartnerCase
from domain.policy import OrderExceptionPolicy, Within
from domain.shop_order import FulfillmentOrder, FulfillmentOrderLine, Hold, ShopOrder, hold_handle

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATE = date(2027, 2, 1)
MARIA = "operator:maria"
OPENED = OrderExceptionInput(
    case_id="order-exception:acme:7",
    number=3,
    shop="acme",
    order_id="7",
    reason=Reason.LATE,
    opened_by=MARIA,
)


def state(**more: object) -> OrderExceptionState:
    """Line 1 of the partner acme, line 2 of nobody."""
    found = OrderExceptionState.model_validate({"phase": Phase.OPEN, "order_id": "7"} | more)
    found.case.title = "Order #1007"
    found.take_in(ExceptionLine(line_id="1", sku="SHIRT", quantity=5, partner="acme"))
    found.take_in(ExceptionLine(line_id="2", sku="LAMP", quantity=1))
    found.partners["acme"] = AskedPartner(
        case=PartnerCase(partner="acme", tenant="demo", name="Acme", line_ids=("1",)),
        policy=OrderExceptionPolicy(),
    )
    return found


def says(offer: Offer, line_id: str = "1", **more: object) -> Said:
    return Said.model_validate(
        {"line_id": line_id, "offer": offer, "by": "partner:acme", "code": "XX"} | more
    )


def decide(choice: str, *lines: str, **more: object) -> Decide:
    return Decide.model_validate({"actor": MARIA, "choice": choice, "line_ids": lines, **more})


# What can be decided.


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (decide("accept", "1"), "nothing to accept"),
        (decide("accept"), "no open line to accept"),
        (decide("accept", "9"), "not part of this exception"),
        (decide("give_up", "1", "1"), "named twice"),
        (decide("keep_waiting", "2"), "no partner is asked"),
        (decide("ask_partner", "1"), "asked already"),
        (decide("ask_partner", "2"), "belongs to no partner"),
        (decide("accept", "1", ship_date=LATE), ""),
        (decide("give_up"), ""),
        (decide("hold"), ""),
        (decide("keep_waiting"), ""),
    ],
)
def test_a_decision_that_cannot_hold_is_refused_in_words(decision: Decide, words: str) -> None:
    problem = decision_problem(state().positions, decision)
    assert (words in problem) if words else problem == ""


@pytest.mark.parametrize(
    "more",
    [
        {"choice": "give_up", "ship_date": LATE},
        {"choice": "accept", "keep_hold": True},
        {"choice": "accept", "until": NOW},
    ],
)
def test_words_that_do_not_go_with_the_choice_are_refused(more: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Decide.model_validate({"actor": MARIA} | more)


def test_a_settled_line_can_be_decided_no_more() -> None:
    found = state()
    found.decide(decide("resolve", "1"))
    assert "not open any more" in decision_problem(found.positions, decide("give_up", "1"))
    assert [one.line.line_id for one in found.decide(decide("give_up"))] == ["2"]


def test_a_line_is_given_to_another_partner_or_another_place() -> None:
    lines = state().positions
    again = Reassign(actor=MARIA, line_ids=("1",), partner="acme")
    assert "with acme already" in reassign_problem(lines, again)
    elsewhere = again.model_copy(update={"location_id": "55"})
    other = again.model_copy(update={"partner": "north"})
    assert reassign_problem(lines, elsewhere) == reassign_problem(lines, other) == ""


@pytest.mark.parametrize(
    ("said", "how", "more"),
    [
        (says(Offer.SHIPS, ship_date=LATE), How.SHIPS, {"ship_date": LATE}),
        (says(Offer.PART, quantity=2, ship_date=LATE), How.SHIPS, {"ship_date": LATE}),
        (
            says(Offer.SUBSTITUTE, substitute_sku="OTHER"),
            How.SUBSTITUTE,
            {"substitute_sku": "OTHER"},
        ),
    ],
)
def test_accepting_takes_what_the_partner_offers(
    said: Said, how: How, more: dict[str, object]
) -> None:
    found = state()
    found.positions["1"].take(said, lambda _: False)
    found.decide(decide("accept"))
    last = found.positions["1"].settlements[-1]
    assert last.how is how
    assert last.by == MARIA
    assert {key: getattr(last, key) for key in more} == more


@pytest.mark.parametrize("offer", [Offer.CANNOT, Offer.UNCLEAR])
def test_what_is_no_offer_cannot_be_accepted_but_dated_by_the_merchant(offer: Offer) -> None:
    found = state()
    found.positions["1"].take(says(offer), lambda _: True)
    assert "nothing to accept" in decision_problem(found.positions, decide("accept", "1"))
    found.decide(decide("accept", "1", ship_date=LATE))
    assert found.positions["1"].settlements[-1].ship_date == LATE


# What it comes to.


def test_the_merchants_word_on_any_line_names_the_outcome() -> None:
    found = state()
    found.positions["1"].settle(How.SHIPS, "partner:acme", ship_date=LATE)
    found.positions["2"].look(0)
    assert found.settled
    assert found.outcome_of_lines() is Outcome.RESOLVED_BY_PARTNER
    found.positions["2"].look(1)
    found.decide(decide("give_up"))
    assert found.outcome_of_lines() is Outcome.RESOLVED_BY_MERCHANT


def test_lines_that_all_went_without_a_word_were_overtaken() -> None:
    found = state()
    for position in found.positions.values():
        position.look(0)
    assert found.outcome_of_lines() is Outcome.OVERTAKEN


def test_dates_are_held_against_the_terms_with_the_partner() -> None:
    found = state()
    assert found.in_terms("acme", LATE, NOW)
    found.partners["acme"].policy = OrderExceptionPolicy(accept_dates_within=Within(hours=72))
    assert found.in_terms("acme", date(2026, 11, 26), NOW)
    assert not found.in_terms("acme", date(2026, 11, 27), NOW)


# Who is waited for.


def test_lines_of_nobody_wait_for_the_merchant_before_the_partner() -> None:
    found = state()
    found.case.opened_at = NOW
    assert standing(found).status is CaseStatus.AWAITING_MERCHANT
    assert [one.line.line_id for one in found.for_merchant] == ["2"]
    assert found.why_merchant(found.positions["2"]) == "belongs to no partner"


def test_a_partner_that_fell_silent_leaves_its_lines_to_the_merchant() -> None:
    found = state()
    assert not found.wants_decision(found.positions["1"])
    found.partners["acme"].case.silent_since = NOW
    assert found.wants_decision(found.positions["1"])
    assert found.why_merchant(found.positions["1"]) == "no answer in time"


def test_a_review_tells_no_partner_until_the_merchant_says_so() -> None:
    found = OrderExceptionState(phase=Phase.OPEN, reviewing=True)
    found.take_in(ExceptionLine(line_id="1", quantity=5, partner="acme"))
    assert found.of_partner("acme") == []
    assert found.why_merchant(found.positions["1"]) == "to be reviewed"
    found.decide(decide("ask_partner"))
    assert [one.line.line_id for one in found.of_partner("acme")] == ["1"]
    assert not found.reviewing


def test_the_order_shows_ship_dates_by_sku_and_no_time_of_ours() -> None:
    found = state(policy=OrderExceptionPolicy())
    found.positions["1"].settle(How.SHIPS, "partner:acme", quantity=2)
    found.positions["1"].settle(How.SHIPS, "partner:acme", ship_date=date(2026, 12, 1))
    found.decide(decide("give_up", "2"))
    found.outcome = Outcome.RESOLVED_BY_MERCHANT
    entry = order_entry(snapshot(OPENED, found), found)
    assert entry is not None
    assert entry.detail == {
        "ship:SHIRT": "at once × 2, 2026-12-01 × 3",
        "given_up:LAMP": "given up × 1",
    }
    assert "settled by the merchant" in entry.text


def test_a_snapshot_says_how_every_line_stands() -> None:
    found = state()
    found.positions["1"].take(says(Offer.CANNOT, note="Sold out."), lambda _: True)
    lines = snapshot(OPENED, found).detail["lines"]
    assert isinstance(lines, list)
    assert [(entry["line_id"], entry["sku"], entry["quantity"]) for entry in lines] == [
        ("1", "SHIRT", 5),
        ("2", "LAMP", 1),
    ]
    assert lines[0]["said_words"] == "cannot be shipped (Sold out.)"


# What Shopify says.


def an_order(
    *holds: Hold, request: str = "UNSUBMITTED", remaining: int = 5, **more: object
) -> ShopOrder:
    """Line 1 in a fulfillment order with these holds, line 2 in one of its own."""
    return ShopOrder.model_validate(
        {
            "order_id": "7",
            "name": "#1007",
            "fulfillment_orders": (
                FulfillmentOrder(
                    id="1",
                    status="ON_HOLD" if holds else "OPEN",
                    request_status=request,
                    holds=holds,
                    lines=(
                        FulfillmentOrderLine(id="11", line_id="1", total=5, remaining=remaining),
                    ),
                ),
                FulfillmentOrder(
                    id="2",
                    status="OPEN",
                    lines=(FulfillmentOrderLine(id="12", line_id="2", total=1, remaining=1),),
                ),
            ),
        }
        | more
    )


THEIRS = Hold(id="1", reason="INVENTORY_OUT_OF_STOCK")
OURS = Hold(
    id="2",
    reason="INVENTORY_OUT_OF_STOCK",
    by_this_app=True,
    handle=hold_handle("order_exception", 3),
)


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (an_order(THEIRS), {"1": Reason.ON_HOLD}),
        (an_order(OURS), {}),
        (an_order(Hold(id="1", reason="INCORRECT_ADDRESS")), {}),
        (an_order(request="REJECTED"), {"1": Reason.REJECTED}),
        (an_order(THEIRS, remaining=0), {}),
        (an_order(), {}),
    ],
)
def test_an_order_is_an_exception_by_the_holds_of_others_and_rejected_requests(
    order: ShopOrder, found: dict[str, Reason]
) -> None:
    assert exceptional_lines(order, OrderExceptionPolicy()) == found


def test_the_policy_says_what_is_an_exception() -> None:
    none = OrderExceptionPolicy(
        open_on_hold_reasons=(), open_on_rejected_request=False, open_on_manual_review=False
    )
    assert exceptional_lines(an_order(THEIRS, request="REJECTED"), none) == {}
    assert wants_review(an_order(risk="INVESTIGATE"), OrderExceptionPolicy())
    assert not wants_review(an_order(risk="INVESTIGATE"), none)
    assert not wants_review(an_order(risk="CANCEL"), OrderExceptionPolicy())


def test_a_look_at_the_order_says_what_went_and_what_is_new() -> None:
    found = OrderExceptionState(phase=Phase.OPEN)
    found.take_in(ExceptionLine(line_id="2", quantity=1, partner="acme"))
    order = an_order(THEIRS)
    assert found.take_order(order) == []
    assert found.news_of(order) == {"1": Reason.ON_HOLD}
    gone = an_order(THEIRS).model_copy(
        update={"fulfillment_orders": an_order(THEIRS).fulfillment_orders[:1]}
    )
    [(position, pieces)] = found.take_order(gone)
    assert (position.line.line_id, pieces) == ("2", 1)


# Our holds.


def test_what_is_open_is_held_and_what_is_settled_is_not() -> None:
    found = state()
    assert found.wanted_holds == {"1": 5, "2": 1}
    found.positions["1"].settle(How.SHIPS, "partner:acme", quantity=2)
    assert found.wanted_holds == {"1": 3, "2": 1}
    found.decide(decide("resolve"))
    assert found.wanted_holds == {}


def test_nothing_is_held_where_the_policy_says_so_but_on_the_merchants_word() -> None:
    found = state(policy=OrderExceptionPolicy(hold_late_lines=False))
    assert found.wanted_holds == {}
    found.decide(decide("hold"))
    assert found.wanted_holds == {"1": 5, "2": 1}


def test_what_somebody_else_held_first_is_left_to_them_for_good() -> None:
    found = state()
    found.take_order(an_order(THEIRS))
    assert found.wanted_holds == {"2": 1}
    found.take_order(an_order())
    assert found.wanted_holds == {"2": 1}


def test_a_hold_of_ours_is_not_taken_for_somebody_elses() -> None:
    found = state()
    found.take_order(an_order(OURS))
    assert found.wanted_holds == {"1": 5, "2": 1}


def test_every_ending_lets_go_but_of_what_was_given_up_and_is_to_stay_held() -> None:
    found = state()
    found.decide(decide("give_up", "1", keep_hold=True))
    assert found.wanted_holds == {"1": 5, "2": 1}
    found.phase = Phase.ENDED
    assert found.wanted_holds == {"1": 5}
    found.positions["1"].look(2)
    assert found.wanted_holds == {"1": 2}


def test_a_stopped_case_lets_go_at_once() -> None:
    found = state()
    found.case.stop = "Cancelled."
    assert found.wanted_holds == {}


def test_what_cannot_be_held_apart_is_held_with_the_rest_on_the_merchants_word_alone() -> None:
    found = OrderExceptionState(phase=Phase.OPEN)
    found.take_unholdable({"1": "it cannot be split"})
    found.take_in(ExceptionLine(line_id="1", quantity=2, partner="acme"))
    found.take_order(
        an_order().model_copy(
            update={
                "fulfillment_orders": (
                    FulfillmentOrder(
                        id="1",
                        status="OPEN",
                        lines=(
                            FulfillmentOrderLine(id="11", line_id="1", total=2, remaining=2),
                            FulfillmentOrderLine(id="12", line_id="2", total=4, remaining=4),
                        ),
                    ),
                )
            }
        )
    )
    assert found.wanted_holds == {"1": 2}
    found.decide(Decide(actor=MARIA, choice=Choice.HOLD))
    assert found.wanted_holds == {"1": 2, "2": 4}
