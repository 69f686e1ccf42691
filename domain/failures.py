"""Types of `ApplicationError` that activities raise and workflows tell apart. Never branch on a message."""

PAUSED = "Paused"
SHOPIFY_REFUSED = "ShopifyRefused"
PARTNER_REFUSED = "TradingGridRefused"
NOT_CONFIGURED = "NotConfigured"
CONFLICT = "Conflict"  # what we were told to do no longer fits what is there
UNAVAILABLE = "Unavailable"
THROTTLED = "Throttled"

# Refusals of an operator's update, by the validators; the API turns them into a status.
ALREADY_DECIDED = "AlreadyDecided"  # 409
CASE_CLOSED = "CaseClosed"  # 409
NOT_NOW = "NotNow"  # 409
UNKNOWN_PARTNER = "UnknownPartner"  # 422
INVALID_COMMAND = "InvalidCommand"  # 422
