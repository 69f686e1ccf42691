"""What the world's shop and tenant are called, and where everything answers."""

SHOP = "acme"
TENANT = "demo"
SHOPIFY = "http://127.0.0.1:18101"
TRADING_GRID = "http://127.0.0.1:18102"
PUBLIC = "http://127.0.0.1:18000"
