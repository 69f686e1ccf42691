"""What a case shows on its order: written by compare-and-set, tags one at a time."""

from typing import Any

from domain.failures import UNAVAILABLE
from domain.order_fields import AddTags, OrderEntry, RemoveTags, WriteOrderFields
from domain.shopify_ids import numeric_id
from tests.activities.conftest import Hands
from tests.workflows.claims import SHIRT

PARTNER, OTHER = "gridcase-awaiting-partner", "gridcase-awaiting-other"


def write(
    order: dict[str, Any], object_id: str, status: str, outcome: str = ""
) -> WriteOrderFields:
    return WriteOrderFields(
        shop="acme",
        order_id=numeric_id(order["order_id"]),
        lifecycle="return_claim",
        object_id=object_id,
        entry=OrderEntry(case="c", status=status, outcome=outcome, text=f"{object_id} {status}"),
    )


async def test_the_same_state_is_written_once(hands: Hands) -> None:
    order = await hands.world.order(SHIRT)
    request = write(order, "7", "awaiting_partner")
    first = await hands.call(hands.fields.write_order_fields, request)
    assert (first.changed, first.add_tags, first.remove_tags) == (True, (PARTNER,), ())
    again = await hands.call(hands.fields.write_order_fields, request)
    assert (again.changed, again.add_tags) == (False, (PARTNER,))
    assert len(await hands.world.shopify_calls("metafieldsSet")) == 1


async def test_a_faster_writer_is_not_overwritten(hands: Hands) -> None:
    order = await hands.world.order(SHIRT)

    async def faster() -> None:
        await hands.call(hands.fields.write_order_fields, write(order, "8", "awaiting_other"))

    hands.world.before_call["metafieldsSet"] = faster
    request = write(order, "7", "awaiting_partner")
    stale = await hands.refusal(hands.fields.write_order_fields, request)
    assert (stale.type, stale.non_retryable) == (UNAVAILABLE, False)
    await hands.call(hands.fields.write_order_fields, request, attempt=2)
    [value] = [
        field["value"]
        for field in (await hands.world.order_in_shopify(order))["metafields"]
        if field["key"] == "return_claim"
    ]
    assert '"7"' in value
    assert '"8"' in value


async def test_a_tag_that_another_case_came_to_want_is_not_removed(hands: Hands) -> None:
    order = await hands.world.order(SHIRT, tags=["vip"])
    order_id = numeric_id(order["order_id"])
    await hands.call(hands.fields.write_order_fields, write(order, "7", "awaiting_partner"))
    await hands.call(
        hands.fields.add_tags, AddTags(shop="acme", order_id=order_id, tags=(PARTNER,))
    )
    written = await hands.call(
        hands.fields.write_order_fields, write(order, "7", "resolved", "declined")
    )
    assert written.remove_tags == (PARTNER,)
    await hands.call(hands.fields.write_order_fields, write(order, "8", "awaiting_partner"))
    remove = RemoveTags(shop="acme", order_id=order_id, tags=(PARTNER,))
    assert (await hands.call(hands.fields.remove_tags, remove)).tags == ()
    assert set((await hands.world.order_in_shopify(order))["tags"]) == {"vip", PARTNER}
    await hands.call(hands.fields.write_order_fields, write(order, "8", "resolved", "declined"))
    for _ in range(2):
        await hands.call(hands.fields.remove_tags, remove)
    assert (await hands.world.order_in_shopify(order))["tags"] == ["vip"]
    assert len(await hands.world.shopify_calls("tagsRemove")) == 1
