"""The Admin API by area. Importing this package registers every resolver."""

from emulators.shopify.admin import (  # noqa: F401
    bulk_operations,
    disputes,
    fulfillment_order_mutations,
    fulfillment_orders,
    fulfillments,
    inventory,
    locations,
    metafields,
    money,
    order_people,
    orders,
    products,
    refunds,
    return_mutations,
    returns,
    shop,
    staged_uploads,
    tags,
    transfers,
    webhook_subscriptions,
)
