"""GraphQL: Shopify's schema executed over the shop's state, with cost, throttling and idempotency keys."""
