"""Shopify's Admin GraphQL API: typed operations, typed errors, webhook verification.

A new operation: write it into `operations/`, cut the schema anew from Shopify's official one
(`python -m scripts.cut_schema <full schema>`), run `make generate`, and commit all three. A method
named after it is then on `admin.AdminApi`.
"""
