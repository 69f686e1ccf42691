"""The resources of the contract, one module each. What is not in this list answers 404."""

from emulators.trading_grid.resources import (
    campaigns,
    cases,
    documents,
    event_feed,
    event_subscriptions,
    files,
    inventory_advices,
    partners,
    purchase_orders,
    return_authorizations,
    shipping,
)

ENDPOINTS = [
    *partners.ENDPOINTS,
    *cases.ENDPOINTS,
    *files.ENDPOINTS,
    *documents.ENDPOINTS,
    *return_authorizations.ENDPOINTS,
    *purchase_orders.ENDPOINTS,
    *shipping.ENDPOINTS,
    *inventory_advices.ENDPOINTS,
    *campaigns.ENDPOINTS,
    *event_feed.ENDPOINTS,
    *event_subscriptions.ENDPOINTS,
]
