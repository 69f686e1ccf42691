"""Cases: what company and partner settle with one another, with its messages."""

from emulators.trading_grid.resources.cases import messages, routes

ENDPOINTS = [*routes.ENDPOINTS, *messages.ENDPOINTS]
