"""What the tests of fulfillment orders ask and do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver, Receiver

ONE = """query F($id: ID!) { fulfillmentOrder(id: $id) {
  id status requestStatus orderId orderName fulfillAt fulfillBy createdAt updatedAt
  supportedActions { action } deliveryMethod { methodType }
  assignedLocation { name location { id } }
  fulfillmentHolds { id handle reason reasonNotes displayReason heldByRequestingApp
    heldByApp { id title } }
  lineItems(first: 20) { nodes { id sku vendor productTitle variantTitle totalQuantity
    remainingQuantity inventoryItemId lineItem { id } } } } }"""
OF_ORDER = """query O($id: ID!) { order(id: $id) { displayFulfillmentStatus fulfillmentOrders(first: 20) { nodes {
  id status requestStatus orderId orderName fulfillAt fulfillBy createdAt updatedAt
  supportedActions { action } deliveryMethod { methodType }
  assignedLocation { name location { id } }
  fulfillmentHolds { id handle reason reasonNotes displayReason heldByRequestingApp
    heldByApp { id title } }
  lineItems(first: 20) { nodes { id sku vendor productTitle variantTitle totalQuantity
    remainingQuantity inventoryItemId lineItem { id } } } } } } }"""
LIST = """query L($query: String, $all: Boolean, $first: Int!, $after: String,
                 $key: FulfillmentOrderSortKeys) {
  fulfillmentOrders(query: $query, includeClosed: $all, first: $first, after: $after,
                    sortKey: $key) {
    pageInfo { hasNextPage endCursor } nodes { id status updatedAt } } }"""
HOLD = """mutation H($id: ID!, $hold: FulfillmentOrderHoldInput!) {
  fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) {
    fulfillmentHold { id handle reason reasonNotes heldByRequestingApp }
    fulfillmentOrder { id status } remainingFulfillmentOrder { id status }
    userErrors { code field message } } }"""
RELEASE = """mutation R($id: ID!, $holdIds: [ID!]) {
  fulfillmentOrderReleaseHold(id: $id, holdIds: $holdIds) {
    fulfillmentOrder { id status fulfillmentHolds { id } } userErrors { code field message } } }"""
MOVE = """mutation M($id: ID!, $to: ID!, $lines: [FulfillmentOrderLineItemInput!]) {
  fulfillmentOrderMove(id: $id, newLocationId: $to, fulfillmentOrderLineItems: $lines) {
    movedFulfillmentOrder { id status assignedLocation { name } }
    originalFulfillmentOrder { id status assignedLocation { name } }
    remainingFulfillmentOrder { id status } userErrors { code field message } } }"""
SPLIT = """mutation S($splits: [FulfillmentOrderSplitInput!]!) {
  fulfillmentOrderSplit(fulfillmentOrderSplits: $splits) {
    fulfillmentOrderSplits { fulfillmentOrder { id } remainingFulfillmentOrder { id }
      replacementFulfillmentOrder { id } }
    userErrors { code field message } } }"""
MERGE = """mutation G($inputs: [FulfillmentOrderMergeInput!]!) {
  fulfillmentOrderMerge(fulfillmentOrderMergeInputs: $inputs) {
    fulfillmentOrderMerges { fulfillmentOrder { id status } }
    userErrors { code field message } } }"""
FULFILL = """mutation C($f: FulfillmentInput!) { fulfillmentCreate(fulfillment: $f) {
  fulfillment { id name status totalQuantity trackingInfo(first: 5) { company number url }
    fulfillmentLineItems(first: 20) { nodes { id quantity lineItem { id sku } } } }
  userErrors { field message } } }"""


async def one(shop: Driver, gid: str) -> dict[str, Any]:
    found: dict[str, Any] = (await shop.ask(ONE, id=gid))["fulfillmentOrder"]
    return found


async def of_order(shop: Driver, order: dict[str, Any]) -> list[dict[str, Any]]:
    found = (await shop.ask(OF_ORDER, id=order["order_id"]))["order"]
    nodes: list[dict[str, Any]] = found["fulfillmentOrders"]["nodes"]
    return nodes


def pieces(fo: dict[str, Any]) -> dict[str, int]:
    """What remains, by SKU."""
    return {ln["sku"]: ln["remainingQuantity"] for ln in fo["lineItems"]["nodes"]}


def line(fo: dict[str, Any], sku: str, quantity: int) -> dict[str, Any]:
    (found,) = [ln["id"] for ln in fo["lineItems"]["nodes"] if ln["sku"] == sku]
    return {"id": found, "quantity": quantity}


def number(gid: str) -> str:
    return gid.rpartition("/")[2]


async def told(shop: Driver, receiver: Receiver) -> list[str]:
    """The topics that have arrived once nothing is on its way."""
    await asyncio.wait_for(shop.emulator.courier.settle(), 5)
    return receiver.topics
