"""Order exception: an order that cannot be fulfilled as promised.

`names` the workflow, its endings and its input; `opening` what of an order is an exception; `lines` what partners say of a
line and how its pieces stand; `decision` the merchant's words; `state` what the workflow keeps; `messages` what its
activities take and give; `standing` who is waited for.
"""
