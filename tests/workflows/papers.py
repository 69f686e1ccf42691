"""What the tests of shipping documents share: ordered goods, what partners send, and words of the merchant.

A purchase order's own case is either missing (then Trading Grid's purchase order is read) or played by `OwningCase`.
"""

import base64
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from temporalio import workflow
from temporalio.client import WorkflowHandle
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from clients.trading_grid.port import (
    ExternalReference,
    NewPurchaseOrder,
    NewPurchaseOrderLine,
)
from domain import operator, references
from domain.case import CaseKind
from domain.operator import (
    Cancel,
    CaseChanged,
    MessagePartner,
    PartnerChanged,
    Receipt,
    Retry,
)
from domain.purchase_order.names import (
    POSITION,
    SHIPPED,
    WORKFLOW,
    AskPosition,
    Position,
    PositionLine,
    Shipped,
    order_key,
    replenishment_key,
)
from domain.shipping_documents.decision import Choice, Decide
from domain.shipping_documents.names import shipping_documents_key
from domain.shopify_ids import numeric_id
from persistence.repositories import cases, policies
from persistence.repositories.case_references import Reference
from tests.workflows.purchase_orders import Purchase
from tests.world import SHOP, TENANT, World

SHIRT = {"sku": "SHIRT-1", "quantity": 2, "vendor": "acme-textiles", "price": "30.00"}
SHOE = {"sku": "SHOE-1", "quantity": 1, "vendor": "acme-textiles", "price": "80.00"}
TEXTILES = "acme-textiles"
MARIA = "operator:maria"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


@workflow.defn(name=WORKFLOW, sandboxed=False)
class OwningCase:
    """A purchase order's case as its papers see it: it says where it stands, and hears what shipped."""

    @workflow.init
    def __init__(self, position: Position) -> None:
        self.position = position
        self.heard: list[Shipped] = []
        self.ended = False

    @workflow.run
    async def run(self, position: Position) -> None:
        await workflow.wait_condition(lambda: self.ended)

    @workflow.query(name=POSITION)
    def where(self, ask: AskPosition) -> Position:
        return self.position

    @workflow.signal(name=SHIPPED)
    def shipped(self, said: Shipped) -> None:
        self.heard.append(said)

    @workflow.query
    def all_heard(self) -> list[Shipped]:
        return self.heard

    @workflow.signal
    def stands(self, position: Position) -> None:
        self.position, self.ended = position, position.closed


@dataclass
class Ordered:
    """A purchase order that a partner has; `order` is Shopify's, None for a replenishment."""

    po_number: str
    case_id: str
    lines: Mapping[str, str]
    """SKU -> line id."""
    order: dict[str, Any] | None = None
    owner: WorkflowHandle[Any, Any] | None = None
    position: Position | None = None

    @property
    def papers(self) -> str:
        return shipping_documents_key(SHOP, self.po_number)

    @property
    def purchase(self) -> str:
        """The id of the case that owns it."""
        return self.case_id


async def terms(world: World, partner: str = "*", **values: Any) -> None:
    async with world.database.begin() as session:
        await policies.put(
            session,
            values,
            now=datetime.now(UTC),
            shop_id=SHOP,
            lifecycle=CaseKind.SHIPPING_DOCUMENTS.value,
            partner_id=partner,
        )


@asynccontextmanager
async def owners(world: World) -> AsyncIterator[None]:
    """Have purchase orders' cases played."""
    async with Worker(
        world.temporal,
        task_queue="owners",
        workflows=[OwningCase],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        yield


async def ordered(
    world: World,
    *lines: dict[str, Any],
    po_number: str = "",
    owned: bool = False,
    known: bool = True,
    replenishment: bool = False,
    partner: str = TEXTILES,
) -> Ordered:
    """Goods that were ordered of a partner and not shipped. `owned`: a case watches over them (inside `owners`); `known`:
    the number is reserved here already."""
    if replenishment:
        po_number = po_number or "ACME-R1-ACME-1"
        order, ids = None, {line["sku"]: f"R-{place}" for place, line in enumerate(lines)}
        key = replenishment_key(SHOP, po_number)
    else:
        order = await world.order(*lines, fulfill=False)
        ids = {entry["sku"]: numeric_id(entry["id"]) for entry in order["line_items"]}
        key = order_key(SHOP, numeric_id(order["order_id"]))
        po_number = po_number or f"AC-{numeric_id(order['order_id'])}-1"
    made = Ordered(po_number=po_number, case_id=key, lines=ids, order=order)
    grid = await world.connections.trading_grid(TENANT)
    await grid.create_purchase_order(
        NewPurchaseOrder(
            po_number=po_number,
            order_type="replenishment" if replenishment else "drop_ship",
            partner_id=partner,
            lines=tuple(
                NewPurchaseOrderLine(
                    line_id=ids[line["sku"]],
                    sku=line["sku"],
                    quantity=line["quantity"],
                    unit_price=Decimal(line["price"]),
                    currency="EUR",
                )
                for line in lines
            ),
            external_reference=ExternalReference(
                system="gridcase", id=f"{key}/{partner}/{po_number}"
            ),
        ),
        idempotency_key=f"send-{po_number}",
    )
    made.position = Position(
        found=True,
        po_number=po_number,
        partner=partner,
        tenant=TENANT,
        currency="EUR",
        order_id=numeric_id(order["order_id"]) if order else "",
        order_name=order["name"] if order else "",
        lines=tuple(
            PositionLine(
                line_id=ids[line["sku"]],
                sku=line["sku"],
                unit_price=Decimal(line["price"]),
                ordered=line["quantity"],
            )
            for line in lines
        ),
    )
    if owned:
        made.owner = await world.temporal.start_workflow(
            OwningCase.run, made.position, id=key, task_queue="owners"
        )
    if known:
        await reserve(world, made)
    return made


async def bought(purchase: Purchase) -> Ordered:
    """The partner's purchase order, as the tests of papers see it."""
    sent = await purchase.sent(TEXTILES)
    return Ordered(
        po_number=sent["po_number"],
        case_id=purchase.case_id,
        lines=purchase.lines,
        order=purchase.order,
    )


async def reserve(world: World, ordered: Ordered) -> None:
    """The row of the purchase order's case, with its number."""
    order_id = numeric_id(ordered.order["order_id"]) if ordered.order else ""
    named = {
        references.PURCHASE_ORDER_NUMBER: (ordered.po_number, TENANT),
        references.ORDER: (order_id, SHOP),
    }
    async with world.database.begin() as session:
        await cases.open_case(
            session,
            key=ordered.case_id,
            kind=CaseKind.PURCHASE_ORDER.value,
            shop_id=SHOP,
            title=f"Purchase orders of {ordered.po_number}",
            status="awaiting_partner",
            now=datetime.now(UTC),
            references=tuple(
                Reference(kind=kind, value=value, scope=scope)
                for kind, (value, scope) in named.items()
                if value
            ),
            order_id=order_id or None,
        )


async def stands(
    world: World, ordered: Ordered, *, closed: bool = False, **changes: dict[str, int]
) -> None:
    """The purchase order's case comes to stand otherwise, and says so: SKU=`{"cancelled": 1}`."""
    assert ordered.owner is not None
    assert ordered.position is not None
    by_id = {ordered.lines[sku.replace("_", "-")]: change for sku, change in changes.items()}
    ordered.position = ordered.position.model_copy(
        update={
            "closed": closed,
            "lines": tuple(
                line.model_copy(update=by_id.get(line.line_id, {}))
                for line in ordered.position.lines
            ),
        }
    )
    await ordered.owner.signal(OwningCase.stands, ordered.position)
    await world.handle(ordered.papers).signal(
        operator.CASE_CHANGED,
        CaseChanged(event_id=f"changed-{by_id}-{closed}", case_id=ordered.case_id),
    )


async def heard(ordered: Ordered, *, about_to: bool = False) -> dict[str, dict[str, int]]:
    """What the purchase order's case heard last of each shipment, by shipment number."""
    assert ordered.owner is not None
    said = await ordered.owner.query(OwningCase.all_heard)
    return {one.shipment_number: one.lines for one in said if one.about_to is about_to}


# What the partner sends.


def package(ordered: Ordered, tracking: str = "T-1", **quantities: int) -> dict[str, Any]:
    """A package of these SKUs (`SHIRT_1=2`), named by their lines; one that is not ordered by its SKU alone."""
    return {
        "tracking_number": tracking or None,
        "items": [
            {
                "po_number": ordered.po_number,
                "line_id": ordered.lines.get(sku.replace("_", "-")),
                "sku": sku.replace("_", "-"),
                "quantity": quantity,
            }
            for sku, quantity in quantities.items()
        ],
    }


async def ships(
    world: World, ordered: Ordered, *packages: dict[str, Any], number: str = "SHP-1", **more: Any
) -> str:
    """A shipment notice; its id."""
    body = {
        "partner_id": TEXTILES,
        "po_numbers": [ordered.po_number],
        "shipment_number": number,
        "carrier": "DHL",
        "packages": list(packages),
    }
    return str((await post(world, "/shipment-notices", body | more))["id"])


async def corrects(world: World, notice_id: str, *packages: dict[str, Any], **more: Any) -> None:
    body = ({"packages": list(packages)} if packages else {}) | more
    await post(world, f"/shipment-notices/{notice_id}", body)


async def bills(
    world: World,
    ordered: Ordered,
    *lines: tuple[str, int, str],
    number: str = "INV-1",
    **more: Any,
) -> str:
    """An invoice of `(SKU, quantity, unit price)`; its id."""
    body = {
        "partner_id": TEXTILES,
        "po_number": ordered.po_number,
        "invoice_number": number,
        "currency": "EUR",
        "lines": [
            {
                "line_id": ordered.lines.get(sku),
                "sku": sku,
                "quantity": quantity,
                "unit_price": price,
            }
            for sku, quantity, price in lines
        ],
    }
    return str((await post(world, "/invoices", body | more))["id"])


async def publishes(
    world: World,
    ordered: Ordered,
    kind: str = "packing_list",
    content: bytes = PDF,
    name: str = "",
    **more: Any,
) -> str:
    """A document that names the purchase order; its id."""
    body = {
        "partner_id": TEXTILES,
        "document_type": kind,
        "file_name": name or f"{kind}.pdf",
        "content_base64": base64.b64encode(content).decode(),
        "business_references": [{"type": "purchase_order", "value": ordered.po_number}],
    }
    return str((await post(world, "/documents", body | more))["id"])


async def attaches(world: World, partner: str, kind: str, content: bytes = PDF) -> None:
    """A document on the case that asks for what is missing."""
    case = await world.partner_case(partner)
    await post(
        world,
        f"/cases/{case['id']}/documents",
        {
            "document_type": kind,
            "file_name": f"{kind}.pdf",
            "content_base64": base64.b64encode(content).decode(),
        },
    )


async def post(world: World, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await world.trading_grid.post(f"/_emulator{path}", json=body)
    assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
    found: dict[str, Any] = answer.json()
    return found


async def all_papers(world: World, ordered: Ordered) -> None:
    """Invoice and packing list, as they should be."""
    position = ordered.position
    assert position is not None
    lines = [(line.sku, line.ordered, str(line.unit_price)) for line in position.lines]
    await bills(world, ordered, *lines)
    await publishes(world, ordered)


# What others do in Shopify.


async def held(world: World, ordered: Ordered, by: str = "Another app", **more: Any) -> None:
    """Somebody holds what the order has to ship."""
    assert ordered.order is not None
    body = {"order_id": ordered.order["order_id"], "reason": "OTHER", "by": by} | more
    answer = await world.shopify.post(f"/_emulator/shops/{SHOP}/holds", json=body)
    assert answer.is_success, answer.text


async def released(world: World, ordered: Ordered) -> None:
    """All holds are released."""
    assert ordered.order is not None
    found = await world.order_in_shopify(ordered.order)
    for one in found["fulfillment_orders"]:
        number = numeric_id(one["id"])
        path = f"/_emulator/shops/{SHOP}/fulfillment-orders/{number}/release"
        answer = await world.shopify.post(path, json={})
        assert answer.is_success, answer.text


# What came of it.


async def fulfillments(world: World, ordered: Ordered) -> list[dict[str, Any]]:
    """The order's fulfillments: `number`, and `skus` -> quantity."""
    assert ordered.order is not None
    found = await world.order_in_shopify(ordered.order)
    return [
        {
            "number": ", ".join(one["number"] for one in entry["tracking"]),
            "skus": {line["sku"]: line["quantity"] for line in entry["lines"]},
        }
        for entry in found["fulfillments"]
    ]


async def decide(world: World, ordered: Ordered, choice: str, **more: Any) -> Receipt:
    receipt = await world.update(
        ordered.papers, operator.DECIDE, Decide(actor=MARIA, choice=Choice(choice), **more)
    )
    return Receipt.model_validate(receipt)


async def cancel(world: World, case_id: str) -> None:
    await world.update(case_id, operator.CANCEL, Cancel(actor=MARIA, reason="settled by phone"))


async def retry(world: World, case_id: str) -> None:
    await world.update(case_id, operator.RETRY, Retry(actor=MARIA))


async def write(world: World, case_id: str, text: str) -> None:
    await world.update(
        case_id,
        operator.MESSAGE_PARTNER,
        MessagePartner(actor=MARIA, partner=TEXTILES, text=text),
    )


async def reads(world: World, case_id: str, activity: str) -> int:
    """How often a case called this activity."""
    events = (await world.history(case_id)).events
    scheduled = [event.activity_task_scheduled_event_attributes for event in events]
    return sum(1 for one in scheduled if one.activity_type.name == activity)


async def announced(
    world: World, ordered: Ordered, kind: str, resource_id: str, version: int, event_id: str
) -> None:
    """An event of Trading Grid's reaches the case: again, late, or out of order."""
    change = PartnerChanged(
        event_id=event_id,
        event_type=kind,
        partner=TEXTILES,
        resource_id=resource_id,
        version=version,
    )
    await world.handle(ordered.papers).signal(operator.PARTNER_CHANGED, change)


async def metafield(world: World, ordered: Ordered, key: str) -> str:
    """A metafield of the order in our namespace; empty where it is not there."""
    assert ordered.order is not None
    found = (await world.order_in_shopify(ordered.order))["metafields"]
    return next((str(one["value"]) for one in found if one["key"] == key), "")


async def links(world: World, ordered: Ordered) -> list[str]:
    """The order's links for people, the newest first."""
    found: list[str] = json.loads(await metafield(world, ordered, "documents") or "[]")
    return found


async def text_on(world: World, ordered: Ordered) -> str:
    """What the order says to people."""
    return await metafield(world, ordered, "shipping_documents_text")


async def all_in(world: World, ordered: Ordered) -> None:
    """Wait until no paper is missing."""
    await world.until_status(
        ordered.papers, "applying", "awaiting_partner", "awaiting_other", "awaiting_merchant"
    )
    await world.eventually(
        lambda: world.current(ordered.papers), lambda seen: seen.detail["missing"] == []
    )


async def written_to(world: World, partner: str) -> list[str]:
    """What was written to a partner, oldest first."""
    state = (await world.trading_grid.get("/_emulator/state")).json()
    tenant = next(entry for entry in state["tenants"] if entry["id"] == TENANT)
    return [
        entry["body"]
        for entry in tenant.get("messages", ())
        if entry["partner_id"] == partner and entry["author"]["type"] == "company"
    ]
