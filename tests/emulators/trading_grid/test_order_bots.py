"""What partners do with purchase orders by themselves."""

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pytest

from emulators.trading_grid.bots.papers import sscc

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid, Until

PO = "DEMO-1001-ACME-1"


async def behave(grid: "Grid", behaviour: str, **settings: Any) -> None:
    body = {"id": "acme", "behaviour": behaviour, **settings}
    await grid.control("POST", "/partners", body, 200)


async def in_status(grid: "Grid", until: "Until", order_id: str, status: str) -> Any:
    async def has_status() -> bool:
        return bool((await grid.get(f"/purchase-orders/{order_id}"))["status"] == status)

    await until(has_status)
    return await grid.get(f"/purchase-orders/{order_id}")


async def listed(grid: "Grid", path: str) -> Any:
    return (await grid.get(path))["_embedded"]["collection"]


async def responses(grid: "Grid", order_id: str) -> list[list[tuple[str, str, int]]]:
    return [
        [(line["line_id"], line["ack_code"], line["quantity"]) for line in one["lines"]]
        for one in await listed(grid, f"/purchase-orders/{order_id}/responses")
    ]


async def cancel(grid: "Grid", order_id: str, *line_ids: str) -> Any:
    body = {
        "change_number": "1",
        "purpose": "cancel",
        "lines": [{"line_id": one} for one in line_ids],
    }
    return await grid.post(f"/purchase-orders/{order_id}/changes", body)


async def decided(grid: "Grid", until: "Until", order_id: str) -> Any:
    path = f"/purchase-orders/{order_id}/changes/1"

    async def has_word() -> bool:
        return bool((await grid.get(path))["status"] != "pending")

    await until(has_word)
    return await grid.get(path)


@pytest.mark.parametrize("behaviour", ["prompt", "slow"])
async def test_an_order_is_confirmed_shipped_with_its_papers_and_billed(
    grid: "Grid", until: "Until", behaviour: str
) -> None:
    await behave(grid, behaviour, answer_delay_s=0.01, ship_delay_s=0.01)
    order = await grid.order(requested_ship_date="2026-11-25")
    await in_status(grid, until, order["id"], "shipped")
    assert await responses(grid, order["id"]) == [[("11", "IA", 2), ("12", "IA", 4)]]
    (response,) = await listed(grid, f"/purchase-orders/{order['id']}/responses")
    assert {line["scheduled_ship_date"] for line in response["lines"]} == {"2026-11-25"}
    assert {line["scheduled_delivery_date"] for line in response["lines"]} == {"2026-11-28"}
    (notice,) = await listed(grid, "/shipment-notices")
    (package,) = notice["packages"]
    assert (notice["scac"], notice["ship_date"]) == ("UPSN", "2026-11-23")
    assert re.fullmatch(r"1Z[0-9A-F]{16}", package["tracking_number"])
    assert [(one["line_id"], one["sku"], one["quantity"]) for one in package["items"]] == [
        ("11", "LAMP", 2),
        ("12", "CHAIR", 4),
    ]
    (invoice,) = await listed(grid, "/invoices")
    assert (invoice["total"], invoice["currency"], invoice["po_number"]) == ("60.00", "EUR", PO)
    papers = {one["id"]: one for one in await listed(grid, "/documents")}
    assert papers[notice["document_ids"][0]]["document_type"] == "packing_list"
    assert papers[invoice["document_id"]]["document_type"] == "invoice"
    for paper in papers.values():
        assert paper["business_references"] == [{"type": "purchase_order", "value": PO}]
        link = paper["_links"]["urn:eim:linkrel:download-media"]["href"]
        got = await grid.http.get(link, headers={"Authorization": f"Bearer {grid.token}"})
        assert got.content.startswith(b"%PDF-1.4")
        assert b"CHAIR" in got.content
        offset = int(got.content.rsplit(b"startxref\n", 1)[1].split()[0])
        assert got.content[offset:].startswith(b"xref")
    assert (
        await grid.event_types()
        == [
            "partner.updated",
            "purchase_order.response_received",
            "document.published",
            "shipment_notice.received",
            "document.published",
            "invoice.received",
        ][1:]
    )


async def test_a_prompt_partner_confirms_within_a_second_and_ships_a_little_later(
    grid: "Grid", until: "Until"
) -> None:
    await behave(grid, "prompt")
    order = await grid.order()
    await in_status(grid, until, order["id"], "acknowledged")
    assert await listed(grid, "/shipment-notices") == []


async def test_a_slow_partner_waits_for_its_delay(grid: "Grid") -> None:
    await behave(grid, "slow")
    order = await grid.order()
    await asyncio.sleep(0.03)
    assert await responses(grid, order["id"]) == []


@pytest.mark.parametrize("price", [{}, {"unit_price": "1.00"}, {"currency": "EUR"}])
async def test_an_order_without_prices_is_shipped_but_not_billed(
    grid: "Grid", until: "Until", price: dict[str, str]
) -> None:
    await behave(grid, "prompt", answer_delay_s=0, ship_delay_s=0)
    order = await grid.order(lines=[{"line_id": "1", "sku": "LAMP", "quantity": 1, **price}])
    await in_status(grid, until, order["id"], "shipped")
    assert await listed(grid, "/invoices") == []


async def test_shipping_can_be_left_to_the_control_call(grid: "Grid", until: "Until") -> None:
    await behave(grid, "prompt", answer_delay_s=0, ship_delay_s=0, ships=False)
    order = await grid.order()
    await in_status(grid, until, order["id"], "acknowledged")
    await asyncio.sleep(0.03)
    assert await listed(grid, "/shipment-notices") == []


async def test_a_contrary_partner_backorders_then_dates_anew_then_ships(
    grid: "Grid", until: "Until"
) -> None:
    await behave(grid, "contrary", answer_delay_s=0.01, ship_delay_s=0.01)
    lines = [
        {"line_id": "1", "sku": "LAMP", "quantity": 1},
        {"line_id": "5", "sku": "CHAIR", "quantity": 5},
    ]
    order = await grid.order(lines=lines)
    await in_status(grid, until, order["id"], "shipped")
    assert await responses(grid, order["id"]) == [
        [("1", "IB", 1), ("5", "BP", 2)],
        [("1", "DR", 1), ("5", "DR", 5)],
    ]
    late, dated = await listed(grid, f"/purchase-orders/{order['id']}/responses")
    assert {line["scheduled_ship_date"] for line in late["lines"]} == {None}
    assert {line["scheduled_ship_date"] for line in dated["lines"]} == {"2026-11-30"}
    assert len(await listed(grid, "/shipment-notices")) == 1


async def test_a_contrary_partner_ships_later_than_it_dates(grid: "Grid", until: "Until") -> None:
    await behave(grid, "contrary", answer_delay_s=0, ship_delay_s=0.2)
    order = await grid.order()

    async def dated() -> bool:
        return len(await responses(grid, order["id"])) == 2

    await until(dated)
    assert await listed(grid, "/shipment-notices") == []
    await in_status(grid, until, order["id"], "shipped")


async def test_a_change_is_acknowledged_and_only_the_rest_is_shipped(
    grid: "Grid", until: "Until"
) -> None:
    await behave(grid, "prompt", answer_delay_s=0.01, ship_delay_s=0.1)
    order = await grid.order()
    await in_status(grid, until, order["id"], "acknowledged")
    await cancel(grid, order["id"], "12")
    assert (await decided(grid, until, order["id"]))["status"] == "acknowledged"
    await in_status(grid, until, order["id"], "shipped")
    (notice,) = await listed(grid, "/shipment-notices")
    assert [one["line_id"] for one in notice["packages"][0]["items"]] == ["11"]


async def test_nothing_ships_while_a_change_waits(grid: "Grid", until: "Until") -> None:
    await behave(grid, "prompt", answer_delay_s=0, ship_delay_s=0.05)
    order = await grid.order()
    await in_status(grid, until, order["id"], "acknowledged")
    await behave(grid, "prompt", answer_delay_s=30)
    await cancel(grid, order["id"])
    await asyncio.sleep(0.1)
    assert await listed(grid, "/shipment-notices") == []
    path = f"/purchase-orders/{PO}/changes/1/acknowledge"
    await grid.control("POST", path, {"status": "refused"})
    await in_status(grid, until, order["id"], "shipped")


async def test_a_cancelled_order_is_not_shipped(grid: "Grid", until: "Until") -> None:
    await behave(grid, "prompt", answer_delay_s=0, ship_delay_s=0.03)
    order = await grid.order()
    await cancel(grid, order["id"])
    await in_status(grid, until, order["id"], "cancelled")
    await asyncio.sleep(0.06)
    assert await listed(grid, "/shipment-notices") == []


async def test_a_contrary_partner_refuses_a_change_with_a_reason(
    grid: "Grid", until: "Until"
) -> None:
    await behave(grid, "contrary", answer_delay_s=0, ships=False)
    order = await grid.order()
    await cancel(grid, order["id"])
    refused = await decided(grid, until, order["id"])
    assert (refused["status"], bool(refused["note"])) == ("refused", True)


@pytest.mark.parametrize("behaviour", ["silent", "manual"])
async def test_others_do_nothing(grid: "Grid", behaviour: str) -> None:
    await behave(grid, behaviour, answer_delay_s=0, ship_delay_s=0)
    order = await grid.order()
    await cancel(grid, order["id"])
    accepted = {"lines": [{"line_id": "11", "ack_code": "IA", "quantity": 2}]}
    await grid.control("POST", f"/purchase-orders/{PO}/responses", accepted)
    await asyncio.sleep(0.03)
    assert len(await responses(grid, order["id"])) == 1
    assert (await grid.get(f"/purchase-orders/{order['id']}/changes/1"))["status"] == "pending"
    assert await listed(grid, "/shipment-notices") == []


async def test_a_change_of_behaviour_reaches_waiting_orders(grid: "Grid", until: "Until") -> None:
    order = await grid.order()
    await behave(grid, "prompt", answer_delay_s=0, ship_delay_s=0)
    await in_status(grid, until, order["id"], "shipped")


def test_a_container_code_has_its_check_digit() -> None:
    code = sscc("X-1")
    assert len(code) == 18
    assert code != sscc("X-2")
    # GS1: weighted 3, 1, 3, ... from the left, the sum with the check digit is a multiple of ten.
    assert sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(code)) % 10 == 0
