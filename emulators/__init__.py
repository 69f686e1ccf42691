"""Emulators of the two outside systems, written from public facts; they import nothing of ours."""
