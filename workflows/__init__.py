"""One file a lifecycle; what they share is functions and small objects with a name. No base classes of ours."""
