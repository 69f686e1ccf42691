"""Campaigns: planned and changed by the company, got ready for by the partner."""

from emulators.trading_grid.resources.campaigns import readiness, routes

ENDPOINTS = [*routes.ENDPOINTS, *readiness.ENDPOINTS]
