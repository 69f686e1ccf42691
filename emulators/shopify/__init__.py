"""A Shopify shop's Admin side as a server with state and rules: GraphQL, webhooks, tokens, a face.

Run it with ``python -m emulators.shopify``; drive it in-process through ``emulators.shopify.app.create_app``.
"""
