"""Shopify's Admin GraphQL API: typed operations, typed errors, webhook verification."""
