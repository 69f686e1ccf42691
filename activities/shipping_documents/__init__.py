"""What shipping documents read: terms, the purchase order's position, notices and invoices. Nothing here writes outside."""

from activities.shipping_documents.activities import ShippingDocumentsActivities

__all__ = ["ShippingDocumentsActivities"]
