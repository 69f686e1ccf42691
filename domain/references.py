"""Under which names the outside knows a case: the kinds of `Reference`, and whose word each is.

A Shopify object's number is the shop's own; what Trading Grid or a partner named is the tenant's, and its value is written
`{tenant}/{id}` by workflows.
"""

# Of a shop.
ORDER = "order"
RETURN = "return"
RETURN_EXPECTED = "return_expected"  # an order on which a claim is about to create a return
EXTERNAL_CLAIM = "external_claim"
REPLENISHMENT = "replenishment"  # the merchant's own number of a replenishment
INVENTORY_TRANSFER = "inventory_transfer"
DISPUTE = "dispute"
METAOBJECT = "metaobject"  # a campaign's, by its number
CAMPAIGN_HANDLE = (
    "campaign_handle"  # the same before it has a number: the handle it is written under
)

# Of a tenant.
TRADING_GRID_CASE = "trading_grid_case"
RETURN_AUTHORIZATION = "return_authorization"
PURCHASE_ORDER_NUMBER = "purchase_order_number"  # ours; unique in the tenant
PURCHASE_ORDER = "purchase_order"  # the id Trading Grid gave it
SHIPMENT_NOTICE = "shipment_notice"
INVOICE = "invoice"
INVENTORY_FEED = "inventory_feed"  # a partner; its feeds, one a shop
CAMPAIGN = "campaign"  # the id Trading Grid gave a partner's share of it

OF_TENANT = frozenset(
    {
        TRADING_GRID_CASE,
        RETURN_AUTHORIZATION,
        PURCHASE_ORDER_NUMBER,
        PURCHASE_ORDER,
        SHIPMENT_NOTICE,
        INVOICE,
        INVENTORY_FEED,
        CAMPAIGN,
    }
)
