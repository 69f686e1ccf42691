"""Purchase orders: sent and changed by the company, answered by the partner."""

from emulators.trading_grid.resources.purchase_orders import changes, responses, routes

ENDPOINTS = [*routes.ENDPOINTS, *changes.ENDPOINTS, *responses.ENDPOINTS]
