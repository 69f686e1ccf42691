"""Purchase order: an order, or a replenishment, becomes purchase orders, one a partner."""
