"""The whole of Gridcase on one machine, with a merchant, its customers and its partners to watch: `make demo`."""
