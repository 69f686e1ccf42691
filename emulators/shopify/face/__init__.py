"""What a merchant would see in the Shopify admin."""
