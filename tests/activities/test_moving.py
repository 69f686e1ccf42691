"""Lines that another location is to ship."""

from domain.failures import UNAVAILABLE
from tests.activities.conftest import Hands
from tests.activities.fulfilling import OURS, Outgoing, line


async def moved(order: Outgoing, location: str, **by_sku: int) -> dict[str, str]:
    """Move until done; what was refused, by SKU."""
    answer = await order.until_done(order.do.move_lines, order.moves(location, **by_sku))
    found: dict[str, str] = order.by_sku(answer.refused)
    return found


async def test_a_part_moves_and_the_rest_stays(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5, location="Hill"), line("SHOE", 1))
    harbour = await hands.world.location("Harbour")
    assert await moved(order, harbour, SHIRT=2) == {}
    assert (await order.state())["SHIRT"] == [("Harbour", 2, "-"), ("Hill", 3, "-")]


async def test_what_the_location_ships_already_is_not_moved_again(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5, location="Hill"))
    harbour = await hands.world.location("Harbour")
    hands.world.lose_answer_to = "fulfillmentOrderMove"
    lost = await hands.refusal(order.do.move_lines, order.moves(harbour, SHIRT=5))
    assert (lost.type, lost.non_retryable) == (UNAVAILABLE, False)
    assert await moved(order, harbour, SHIRT=5) == {}
    assert await order.writes("fulfillmentOrderMove") == 1
    assert (await order.state())["SHIRT"] == [("Harbour", 5, "-")]


async def test_our_own_hold_is_released_before_its_lines_move(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5, location="Hill"))
    harbour = await hands.world.location("Harbour")
    await order.align(SHIRT=2)
    assert await moved(order, harbour, SHIRT=5) == {}
    assert await order.align(SHIRT=2) == ({"SHIRT": 2}, {})
    state = (await order.state())["SHIRT"]
    assert {where for where, _, _ in state} == {"Harbour"}
    assert sum(pieces for _, pieces, who in state if who == OURS) == 2


async def test_somebody_elses_hold_keeps_its_lines_and_no_others(hands: Hands) -> None:
    order = await Outgoing.placed(
        hands, line("SHIRT", 5, location="Hill"), line("SHOE", 1, location="Valley")
    )
    harbour = await hands.world.location("Harbour")
    await order.elsewhere("SHIRT", "hold", by="Fraud Watch")
    refused = await moved(order, harbour, SHIRT=5, SHOE=1)
    assert refused == {"SHIRT": "is held by somebody else (other)"}
    assert (await order.state())["SHOE"] == [("Harbour", 1, "-")]


async def test_shopifys_own_refusal_is_passed_on(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5, location="Hill"))
    refused = await moved(order, "999999", SHIRT=5)
    assert refused == {"SHIRT": "is refused by Shopify: Location not found."}
    assert (await order.state())["SHIRT"] == [("Hill", 5, "-")]


async def test_an_order_that_changed_underneath_is_read_again(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5, location="Hill"))
    harbour = await hands.world.location("Harbour")
    hands.world.before_call["fulfillmentOrderMove"] = lambda: order.somebody_ships("X-1", SHIRT=4)
    late = await hands.refusal(order.do.move_lines, order.moves(harbour, SHIRT=3))
    assert (late.type, late.non_retryable) == (UNAVAILABLE, False)
    assert await moved(order, harbour, SHIRT=3) == {}
    assert (await order.state())["SHIRT"] == [("Harbour", 1, "-")]
