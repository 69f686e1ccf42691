"""What may happen to a shop's objects, and what follows. Each rule checks everything before it changes anything."""
