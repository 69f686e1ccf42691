"""Inventory feed: a partner's stock becomes the store's sellable quantity.

`names` and endings; `advices`: which word of a partner's is newer, and which waits for the merchant; `quantities`: what
may be sold; `problems`: what keeps a line back; `messages`: what the activities take and give; `state`, `decision`,
`standing`: the workflow's own.
"""
