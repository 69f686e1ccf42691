"""What an order says of its customer and where it goes: a count of orders, a risk, an address."""

from __future__ import annotations

from typing import Any

from emulators.shopify.engine.registry import Args, Context, access_denied, resolver
from emulators.shopify.model.orders import Order

RISK_LEVELS = {"ACCEPT": "LOW", "INVESTIGATE": "MEDIUM", "CANCEL": "HIGH"}
"""What an assessment says where Shopify recommends this (assumed; the schema lets them differ)."""


@resolver("Order", "customer")
def customer(order: Order, context: Context, __: Args) -> dict[str, Any]:
    """Nothing of a customer but how many orders it has made (an UnsignedInt64, so a text)."""
    if "read_customers" not in context.scopes:
        raise access_denied("customer", "read_customers")
    return {"__typename": "Customer", "numberOfOrders": str(order.number_of_orders)}


@resolver("Order", "risk")
def risk(order: Order, _: Context, __: Args) -> dict[str, Any]:
    level = RISK_LEVELS.get(order.risk)
    assessments: list[dict[str, Any]] = []
    if level is not None:
        assessments = [{"riskLevel": level, "provider": None, "facts": []}]
    return {"recommendation": order.risk, "assessments": assessments}


@resolver("Order", "shippingAddress")
def shipping_address(order: Order, _: Context, __: Args) -> dict[str, Any]:
    place = order.ship_to
    return {
        "__typename": "MailingAddress",
        "id": f"gid://shopify/MailingAddress/{order.id}?model_name=Address",
        "firstName": place.first_name,
        "lastName": place.last_name,
        "name": place.name,
        "company": place.company,
        "address1": place.address1,
        "address2": place.address2,
        "city": place.city,
        "province": place.province,
        "provinceCode": place.province_code,
        "zip": place.zip,
        "country": place.country,
        "countryCodeV2": place.country_code,
        "phone": place.phone,
    }
