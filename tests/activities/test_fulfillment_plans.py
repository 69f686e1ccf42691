"""The next step on fulfillment orders, from any state they may be in: pure, so every state can be tried."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.fulfillment_orders.holding import plan_holds
from activities.fulfillment_orders.moving import plan_moves
from activities.fulfillment_orders.picking import Pick, Release, remaining
from activities.fulfillment_orders.shipping import NotCorrectable, needs_correction, plan_shipping
from domain.shop_order import (
    FulfillmentOrder,
    FulfillmentOrderLine,
    Hold,
    Shipment,
    ShopOrder,
    Tracking,
    hold_handle,
)

OURS = hold_handle("order_exception", 1)
OTHER_CASE = hold_handle("purchase_order", 2)
FREE = ("CREATE_FULFILLMENT", "MOVE", "HOLD")
HELD = ("RELEASE_HOLD", "HOLD")


def fulfillment_order(
    number: int,
    pieces: dict[str, int],
    *holders: str,
    location: str = "1",
    with_service: bool = False,
) -> FulfillmentOrder:
    """`holders`: handles of ours, or any other word for somebody else."""
    return FulfillmentOrder(
        id=str(number),
        status="ON_HOLD" if holders else "OPEN",
        request_status="SUBMITTED" if with_service else "UNSUBMITTED",
        location_id=location,
        location_name=f"Location {location}",
        actions=() if with_service else HELD if holders else FREE,
        holds=tuple(
            Hold(
                id=f"{number}/{index}",
                handle=holder if holder.startswith("gridcase:") else "",
                reason="OTHER",
                by_this_app=holder.startswith("gridcase:"),
            )
            for index, holder in enumerate(holders)
        ),
        lines=tuple(
            FulfillmentOrderLine(
                id=f"{number}-{line}", line_id=line, total=quantity, remaining=quantity
            )
            for line, quantity in pieces.items()
        ),
    )


def order(*fulfillment_orders: FulfillmentOrder, shipments: tuple[Shipment, ...] = ()) -> ShopOrder:
    return ShopOrder(
        order_id="1", name="#1", fulfillment_orders=fulfillment_orders, shipments=shipments
    )


def shipment(
    number: str,
    quantities: Mapping[str, int] | None = None,
    status: str = "SUCCESS",
    numbers: tuple[str, ...] = ("1Z",),
) -> Shipment:
    return Shipment(
        id=number,
        status=status,
        tracking=tuple(Tracking(company="UPS", number=one) for one in numbers),
        quantities=dict(quantities or {}),
    )


def test_what_nobody_holds_is_held_before_what_somebody_holds() -> None:
    found = plan_holds(
        order(fulfillment_order(1, {"a": 2}, "somebody"), fulfillment_order(2, {"a": 3})),
        OURS,
        {"a": 3},
    )
    assert [pick.fulfillment_order.id for pick in found.placements] == ["2"]
    assert found.unholdable == {}


def test_more_than_there_is_keeps_nothing_from_being_held() -> None:
    found = plan_holds(order(fulfillment_order(1, {"a": 5}, "somebody")), OURS, {"a": 7})
    assert [pick.by_line for pick in found.placements] == [{"a": 5}]
    assert found.unholdable == {}


def test_nothing_ships_before_all_that_must_be_is_released() -> None:
    one = order(fulfillment_order(1, {"a": 2}), fulfillment_order(2, {"a": 3}, OURS, location="2"))
    found = plan_shipping(one, "1Z", {"a": 5})
    assert found.release is not None
    assert (found.release.hold_ids, found.parcels) == (("2/0",), ())


@pytest.mark.parametrize("status", ["CANCELLED", "ERROR", "FAILURE"])
def test_a_fulfillment_that_came_to_nothing_does_not_count(status: str) -> None:
    found = plan_shipping(
        order(fulfillment_order(1, {"a": 2}), shipments=(shipment("9", {"a": 2}, status),)),
        "1Z",
        {"a": 2},
    )
    assert found.found == {}
    assert [[pick.by_line for pick in parcel] for parcel in found.parcels] == [[{"a": 2}]]


def test_a_held_fulfillment_order_does_not_ship_whatever_it_says_it_supports() -> None:
    held = fulfillment_order(1, {"a": 2}, "somebody").model_copy(update={"actions": FREE})
    found = plan_shipping(order(held), "1Z", {"a": 2})
    assert (found.parcels, found.blocked) == ((), {"a": "is held by somebody else (other)"})


def test_a_line_that_is_ready_in_part_ships_in_part() -> None:
    found = plan_shipping(
        order(
            fulfillment_order(1, {"a": 2}, "somebody"),
            fulfillment_order(2, {"a": 1}),
            fulfillment_order(3, {"a": 1}, with_service=True),
        ),
        "1Z",
        {"a": 5},
    )
    assert [[pick.by_line for pick in parcel] for parcel in found.parcels] == [[{"a": 1}]]
    assert set(found.blocked) == {"a"}
    assert found.excess == {"a": 1}


def test_tracking_is_corrected_only_where_it_is_clear_what_is_meant() -> None:
    one = order(
        shipments=(
            shipment("1"),
            shipment("2", numbers=("1Z", "2Z")),
            shipment("3", status="CANCELLED"),
            shipment("4", numbers=()),
        )
    )
    wanted = Tracking(company="DHL", number="JD")
    assert needs_correction(one, "1", wanted)
    assert needs_correction(one, "4", wanted)
    assert needs_correction(one, "1", Tracking(company="DHL", number="1Z"))
    assert not needs_correction(one, "1", Tracking(number="1z"))
    assert not needs_correction(one, "2", Tracking(company="UPS", number="2Z"))
    for fulfillment, words in (("2", "2 tracking numbers"), ("3", "cancelled"), ("5", "gone")):
        with pytest.raises(NotCorrectable, match=words):
            needs_correction(one, fulfillment, wanted)


# Whatever the state: doing the next step again and again ends where it was to end.

PIECES = st.dictionaries(st.sampled_from("abc"), st.integers(1, 5), min_size=1, max_size=3)
HOLDERS = st.lists(st.sampled_from([OURS, OTHER_CASE, "somebody"]), unique=True, max_size=3)
ORDERS = st.lists(
    st.tuples(PIECES, HOLDERS, st.sampled_from("12"), st.booleans()), min_size=1, max_size=5
).map(
    lambda drawn: order(
        *(
            fulfillment_order(
                number, pieces, *holders, location=location, with_service=service and not holders
            )
            for number, (pieces, holders, location, service) in enumerate(drawn)
        )
    )
)
WANTED = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 12))
STEPS = 40


class Shop:
    """What Shopify makes of a step: holds, splits, releases, moves and shipments."""

    def __init__(self, start: ShopOrder) -> None:
        self.order = start
        self.numbers: Iterator[int] = count(100)

    def replace(self, before: FulfillmentOrder, *after: FulfillmentOrder) -> None:
        kept = tuple(one for one in self.order.fulfillment_orders if one.id != before.id)
        self.order = self.order.model_copy(update={"fulfillment_orders": (*kept, *after)})

    def release(self, step: Release) -> None:
        holds = [one for one in step.fulfillment_order.holds if one.id not in step.hold_ids]
        assert len(holds) < len(step.fulfillment_order.holds)
        changes = {
            "holds": tuple(holds),
            "status": "ON_HOLD" if holds else "OPEN",
            "actions": HELD if holds else FREE,
        }
        self.replace(step.fulfillment_order, step.fulfillment_order.model_copy(update=changes))

    def split(self, pick: Pick) -> tuple[FulfillmentOrder, list[FulfillmentOrder]]:
        """The picked pieces, and the rest in another fulfillment order."""
        before = pick.fulfillment_order
        rest = remaining(before) - pick.by_line
        picked = fulfillment_order(next(self.numbers), dict(pick.by_line)).model_copy(
            update={"location_id": before.location_id, "holds": before.holds}
        )
        left = fulfillment_order(next(self.numbers), dict(rest), location=before.location_id)
        return picked, [left] if rest else []

    def hold(self, pick: Pick) -> None:
        assert pick.whole or not pick.fulfillment_order.holds, "Shopify would not split it"
        picked, rest = self.split(pick)
        hold = Hold(id=str(next(self.numbers)), handle=OURS, reason="OTHER", by_this_app=True)
        changes = {"holds": (*picked.holds, hold), "status": "ON_HOLD", "actions": HELD}
        self.replace(pick.fulfillment_order, picked.model_copy(update=changes), *rest)

    def move(self, pick: Pick, location: str) -> None:
        assert not pick.fulfillment_order.holds
        picked, rest = self.split(pick)
        moved = picked.model_copy(update={"location_id": location})
        self.replace(pick.fulfillment_order, moved, *rest)

    def ship(self, parcel: tuple[Pick, ...], number: str) -> None:
        assert len({pick.fulfillment_order.location_id for pick in parcel}) == 1
        for pick in parcel:
            assert not pick.fulfillment_order.holds
            _, rest = self.split(pick)
            self.replace(pick.fulfillment_order, *rest)
        pieces = sum((pick.by_line for pick in parcel), Counter[str]())
        made = shipment(str(next(self.numbers)), pieces, numbers=(number,))
        self.order = self.order.model_copy(update={"shipments": (*self.order.shipments, made)})

    def held_by(self, *who: str) -> Counter[str]:
        """Pieces on which each of these, and perhaps others, have a hold; `""` is somebody else."""
        return sum(
            (
                remaining(one)
                for one in self.order.fulfillment_orders
                if any(hold.handle in who for hold in one.holds)
            ),
            Counter[str](),
        )


@given(ORDERS, WANTED)
def test_aligned_holds_are_what_is_wanted_and_can_be_held(
    start: ShopOrder, wanted: dict[str, int]
) -> None:
    shop = Shop(start)
    others = shop.held_by(OTHER_CASE), shop.held_by("")
    for _ in range(STEPS):
        plan = plan_holds(shop.order, OURS, wanted)
        if plan.release is not None:
            shop.release(plan.release)
        elif plan.placements:
            shop.hold(plan.placements[0])
        else:
            break
    else:
        pytest.fail("never aligned")
    assert shop.held_by(OURS) == plan.held
    assert (shop.held_by(OTHER_CASE), shop.held_by("")) == others
    assert Counter(shop.order.remaining) == Counter(start.remaining)
    for line, quantity in wanted.items():
        held = plan.held.get(line, 0)
        assert held <= quantity
        enough = held == min(quantity, start.remaining.get(line, 0))
        assert enough is (line not in plan.unholdable)


@given(ORDERS, WANTED)
def test_a_parcel_ships_once_and_never_what_somebody_else_holds(
    start: ShopOrder, wanted: dict[str, int]
) -> None:
    shop = Shop(start)
    others = shop.held_by("")
    for _ in range(STEPS):
        plan = plan_shipping(shop.order, "1Z", wanted)
        if plan.release is not None:
            assert all(one.ours for one in plan.release.fulfillment_order.holds)
            shop.release(plan.release)
        elif plan.parcels:
            shop.ship(plan.parcels[0], "1Z")
        else:
            break
    else:
        pytest.fail("never shipped")
    assert shop.held_by("") == others
    shipped = sum((Counter(one.quantities) for one in shop.order.shipments), Counter[str]())
    assert Counter(start.remaining) - shipped == Counter(shop.order.remaining)
    for line, quantity in wanted.items():
        assert shipped[line] <= quantity
        room = quantity - plan.excess.get(line, 0)
        assert room == min(quantity, start.remaining.get(line, 0))
        assert (shipped[line] == room) is (line not in plan.blocked)


@given(ORDERS, WANTED)
def test_lines_move_as_far_as_they_can(start: ShopOrder, wanted: dict[str, int]) -> None:
    shop = Shop(start)
    others = shop.held_by("")
    for _ in range(STEPS):
        plan = plan_moves(shop.order, "2", wanted)
        if plan.release is not None:
            shop.release(plan.release)
        elif plan.moves:
            shop.move(plan.moves[0], "2")
        else:
            break
    else:
        pytest.fail("never moved")
    assert shop.held_by("") == others
    assert Counter(shop.order.remaining) == Counter(start.remaining)
    there = sum(
        (remaining(one) for one in shop.order.fulfillment_orders if one.location_id == "2"),
        Counter[str](),
    )
    for line, quantity in wanted.items():
        if line not in plan.refused:
            assert there[line] >= min(quantity, start.remaining.get(line, 0))
