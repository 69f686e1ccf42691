"""Figures, measured on the real stack: `make bench`."""
