"""Purchase orders on an operator's word, whatever the policy waits for."""

from typing import Any

import pytest

from domain.purchase_order.names import order_key
from intake.dispatch import Settled
from tests.intake.staging import (
    all_cases,
    ended,
    placed,
    shared_server,
    stage,
    stage_url,
)
from tests.world import SHOP, World

__all__ = ["shared_server", "stage", "stage_url"]  # fixtures

TEXTILES = "acme-textiles"
SHIRT = {"sku": "SHIRT-1", "quantity": 2, "vendor": TEXTILES, "price": "30.00"}


def number(order: dict[str, Any]) -> str:
    return str(order["order_id"]).rpartition("/")[2]


async def asked_for(stage: World, order_id: str, **more: Any) -> Settled:
    body = {"order_id": order_id, "opened_by": "operator:maria", "again": False} | more
    return await placed(stage, "purchases/create", body, source="gridcase")


async def test_an_order_is_sent_to_its_partners_before_it_is_paid(stage: World) -> None:
    await stage.partner(TEXTILES, lifecycle="purchase_order")
    order = await stage.order(SHIRT, fulfill=False, paid=False)
    settled = await asked_for(stage, number(order))
    assert (settled.status, settled.case_ids) == ("dispatched", (order_key(SHOP, number(order)),))
    assert (await asked_for(stage, number(order))).case_ids == settled.case_ids
    assert len(await all_cases(stage)) == 1


async def test_a_second_case_opens_only_when_it_is_asked_for(stage: World) -> None:
    await stage.partner(TEXTILES, lifecycle="purchase_order")
    order = await stage.order(SHIRT, fulfill=False)
    first = await asked_for(stage, number(order))
    await ended(stage, first.case_ids[0])
    ended_one = (await asked_for(stage, number(order))).opened
    assert ended_one is not None
    assert (ended_one.case_id, ended_one.created) == (first.case_ids[0], False)
    again = await asked_for(stage, number(order), again=True)
    assert again.case_ids == (f"{first.case_ids[0]}~2",)


@pytest.mark.parametrize("ends", ["cancel", "fulfill"])
async def test_an_order_that_wants_nothing_any_more_is_refused_with_words(
    stage: World, ends: str
) -> None:
    await stage.partner(TEXTILES, lifecycle="purchase_order")
    order = await stage.order(SHIRT, fulfill=False)
    await stage._post(stage.shopify, f"/_emulator/shops/{SHOP}/orders/{number(order)}/{ends}", {})
    settled = await asked_for(stage, number(order))
    assert settled.status == "failed"
    assert settled.reason == (
        "The order #1001 is cancelled."
        if ends == "cancel"
        else "No line that #1001 has still to ship is drop-shipped."
    )


async def test_an_order_of_which_nothing_is_drop_shipped_is_refused_with_words(
    stage: World,
) -> None:
    await stage.partner(TEXTILES)  # for every lifecycle, and so for no purchase order
    order = await stage.order(SHIRT, fulfill=False)
    assert (await asked_for(stage, number(order))).reason == (
        "No line that #1001 has still to ship is drop-shipped."
    )
    unknown = await asked_for(stage, "1")
    assert (unknown.status, unknown.reason) == ("failed", "The shop has no order 1.")
    assert await all_cases(stage) == []
