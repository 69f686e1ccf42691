"""Side effects: one class a lifecycle, and what all share. Clients are injected; each activity makes one mutation."""
