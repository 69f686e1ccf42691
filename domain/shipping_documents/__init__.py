"""Shipping documents: what a partner shipped against one purchase order, and the papers that prove it.

`names` the workflow; `papers` what partners send; `matching` which lines a notice ships; `invoice` what an invoice asks for;
`decision` the merchant's words; `state` what the workflow keeps; `messages` what its activities take and give; `standing`
who is waited for.
"""
