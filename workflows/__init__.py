"""One file a lifecycle, and what they share: options, attributes, waiting, and small objects with a name. No base classes."""
