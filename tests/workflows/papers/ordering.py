"""Goods that were ordered of a partner; their own case is missing, played by `OwningCase`, or the real one."""

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
    CaseChanged,
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
