"""The addresses an app calls: tokens and GraphQL."""
