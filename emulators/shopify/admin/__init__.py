"""The Admin API by area. Importing this package registers every resolver."""

from emulators.shopify.admin import (  # noqa: F401
    fulfillments,
    locations,
    metafields,
    money,
    orders,
    refunds,
    return_mutations,
    returns,
    shop,
    tags,
    webhook_subscriptions,
)
