"""What is done to an order's fulfillment orders: one mutation a call at the most, decided on the order as just read.

Shopify has no idempotency key for any of it, and fulfillment orders split, merge and move under our hands. So each call
reads, compares with what is wanted, does the next thing, and says whether more is to be done; a repeat of a call that
was done finds it done.
"""

from collections import Counter
from collections.abc import Sequence

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.failures import conflict, translated
from activities.fulfillment_orders.holding import plan_holds
from activities.fulfillment_orders.moving import plan_moves
from activities.fulfillment_orders.obstacles import refused
from activities.fulfillment_orders.picking import Pick, Release
from activities.fulfillment_orders.shipping import NotCorrectable, needs_correction, plan_shipping
from activities.pauses import Pauses
from clients.shopify.admin import AdminApi
from clients.shopify.errors import ShopifyUserErrors
from clients.shopify.generated.base_model import UNSET
from clients.shopify.generated.enums import FulfillmentHoldReason
from clients.shopify.generated.input_types import (
    FulfillmentInput,
    FulfillmentOrderHoldInput,
    FulfillmentOrderLineItemInput,
    FulfillmentOrderLineItemsInput,
    FulfillmentTrackingInput,
)
from domain.failures import UNAVAILABLE
from domain.fulfillment_orders import (
    AlignedHolds,
    AlignHolds,
    CreatedFulfillment,
    CreateFulfillment,
    MovedLines,
    MoveLines,
    OrderRead,
    ReadOrder,
    UpdatedTracking,
    UpdateTracking,
)
from domain.shop_order import ShopOrder, Tracking
from domain.shopify_ids import gid, numeric_id
from intake.connections import Connections
from intake.shop_orders import read_shop_order


class FulfillmentOrderActivities:
    def __init__(self, connections: Connections, pauses: Pauses) -> None:
        self._connections = connections
        self._pauses = pauses

    @activity.defn(name="fulfillment_orders.read_order")
    async def read_order(self, request: ReadOrder) -> OrderRead:
        """The order with its lines, fulfillment orders, holds and shipments, as Shopify has it now."""
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            return OrderRead(order=await read_shop_order(admin, request.order_id))

    @activity.defn(name="fulfillment_orders.align_holds")
    async def align_holds(self, request: AlignHolds) -> AlignedHolds:
        """Bring the handle's holds one step nearer to what is wanted; an order that is gone holds nothing."""
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            order = await read_shop_order(admin, request.order_id)
            if order is None:
                return AlignedHolds(done=True)
            plan = plan_holds(order, request.handle, request.quantities)
            held = Counter(plan.held)
            if plan.release is not None:
                await self._release(admin, order, plan.release)
                held -= Counter(
                    {line.line_id: line.remaining for line in plan.release.fulfillment_order.lines}
                )
                return AlignedHolds(done=False, changed=True, held=dict(held))
            unholdable = dict(plan.unholdable)
            for placement in plan.placements:
                try:
                    await admin.fulfillment_order_hold(
                        id=_fulfillment_order(placement),
                        hold=FulfillmentOrderHoldInput(
                            handle=request.handle,
                            reason=FulfillmentHoldReason(request.reason),
                            reason_notes=request.notes,
                            notify_merchant=False,
                            fulfillment_order_line_items=_part(placement),
                        ),
                    )
                except ShopifyUserErrors as error:
                    # Nothing was done: the next fulfillment order may still be held.
                    words = await _refusal(admin, order, error)
                    unholdable |= dict.fromkeys(placement.by_line, words)
                else:
                    held += placement.by_line
                    return AlignedHolds(
                        done=False, changed=True, held=dict(held), unholdable=unholdable
                    )
        return AlignedHolds(done=True, held=dict(held), unholdable=unholdable)

    @activity.defn(name="fulfillment_orders.create_fulfillment")
    async def create_fulfillment(self, request: CreateFulfillment) -> CreatedFulfillment:
        """Release what we hold of the shipped lines, then record the shipment, a location a call."""
        if not request.tracking.number.strip():
            raise conflict("A shipment without a tracking number cannot be told from another.")
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            order = await self._order(admin, request.order_id)
            plan = plan_shipping(order, request.tracking.number, request.quantities)
            made = {number: dict(shipped) for number, shipped in plan.found.items()}
            blocked = dict(plan.blocked)
            changed = False
            if plan.release is not None:
                await self._release(admin, order, plan.release)
                changed = True
            for parcel in plan.parcels:
                try:
                    answer = await admin.fulfillment_create(
                        fulfillment=FulfillmentInput(
                            line_items_by_fulfillment_order=[
                                FulfillmentOrderLineItemsInput(
                                    fulfillment_order_id=_fulfillment_order(pick),
                                    fulfillment_order_line_items=_lines(pick),
                                )
                                for pick in parcel
                            ],
                            notify_customer=request.notify_customer,
                            tracking_info=_tracking(request.tracking),
                        )
                    )
                except ShopifyUserErrors as error:
                    words = await _refusal(admin, order, error)
                    blocked |= dict.fromkeys(_together(parcel), words)
                    continue
                if answer.fulfillment_create and answer.fulfillment_create.fulfillment:
                    number = numeric_id(answer.fulfillment_create.fulfillment.id)
                    made[number] = dict(_together(parcel))
                changed = True
                break
        return CreatedFulfillment(
            done=not changed,
            changed=changed,
            fulfillments=made,
            blocked=blocked,
            excess=dict(plan.excess),
        )

    @activity.defn(name="fulfillment_orders.update_tracking")
    async def update_tracking(self, request: UpdateTracking) -> UpdatedTracking:
        """Correct a fulfillment's tracking; what is there already is not written again.

        A fulfillment that has several tracking numbers, or was cancelled, is for a person.
        """
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            order = await self._order(admin, request.order_id)
            try:
                needed = needs_correction(order, request.fulfillment_id, request.tracking)
            except NotCorrectable as problem:
                raise conflict(str(problem)) from problem
            if not needed:
                return UpdatedTracking(changed=False)
            await admin.fulfillment_tracking_info_update(
                fulfillment_id=gid("Fulfillment", request.fulfillment_id),
                tracking=_tracking(request.tracking),
                notify_customer=request.notify_customer,
            )
        return UpdatedTracking(changed=True)

    @activity.defn(name="fulfillment_orders.move_lines")
    async def move_lines(self, request: MoveLines) -> MovedLines:
        """Move what another location is to ship, a fulfillment order a call; our holds on it are released first."""
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            order = await self._order(admin, request.order_id)
            plan = plan_moves(order, request.location_id, request.quantities)
            if plan.release is not None:
                await self._release(admin, order, plan.release)
                return MovedLines(done=False, changed=True, refused=dict(plan.refused))
            not_moved = dict(plan.refused)
            for move in plan.moves:
                try:
                    await admin.fulfillment_order_move(
                        id=_fulfillment_order(move),
                        new_location_id=gid("Location", request.location_id),
                        lines=_part(move) or UNSET,
                    )
                except ShopifyUserErrors as error:
                    words = await _refusal(admin, order, error)
                    not_moved |= dict.fromkeys(move.by_line, words)
                else:
                    return MovedLines(done=False, changed=True, refused=not_moved)
        return MovedLines(done=True, refused=not_moved)

    async def _order(self, admin: AdminApi, order_id: str) -> ShopOrder:
        order = await read_shop_order(admin, order_id)
        if order is None:
            raise conflict(f"The order {order_id} is gone from Shopify.")
        return order

    async def _release(self, admin: AdminApi, order: ShopOrder, release: Release) -> None:
        try:
            await admin.fulfillment_order_release_hold(
                id=gid("FulfillmentOrder", release.fulfillment_order.id),
                hold_ids=[gid("FulfillmentHold", hold) for hold in release.hold_ids],
            )
        except ShopifyUserErrors as error:
            await _refusal(admin, order, error)
            raise


async def _refusal(admin: AdminApi, before: ShopOrder, error: ShopifyUserErrors) -> str:
    """Why Shopify did not do what the order, as read before, allowed; in words.

    The one place that knows: most of these refusals have no code. Whether somebody was faster is told by reading the order
    again; then the whole call is tried again, on what is there now.
    """
    now = await read_shop_order(admin, before.order_id)
    if now is None or now.fulfillment_orders != before.fulfillment_orders:
        raise ApplicationError(
            f"The order changed while it was worked on: {error}", type=UNAVAILABLE
        ) from error
    return refused(error.code, error.errors[0].message)


def _fulfillment_order(pick: Pick) -> str:
    return gid("FulfillmentOrder", pick.fulfillment_order.id)


def _lines(pick: Pick) -> list[FulfillmentOrderLineItemInput]:
    return [
        FulfillmentOrderLineItemInput(
            id=gid("FulfillmentOrderLineItem", line.id), quantity=quantity
        )
        for line, quantity in pick.lines
    ]


def _part(pick: Pick) -> list[FulfillmentOrderLineItemInput]:
    """The lines of a part; none means the whole fulfillment order, which then is not split."""
    return [] if pick.whole else _lines(pick)


def _together(parcel: Sequence[Pick]) -> Counter[str]:
    total: Counter[str] = Counter()
    for pick in parcel:
        total += pick.by_line
    return total


def _tracking(tracking: Tracking) -> FulfillmentTrackingInput:
    """Only what is known: Shopify finds company and address of many numbers by itself."""
    known = {
        name: value
        for name, value in (
            ("company", tracking.company),
            ("number", tracking.number),
            ("url", tracking.url),
        )
        if value
    }
    return FulfillmentTrackingInput.model_validate(known)
