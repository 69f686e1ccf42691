"""Shipping documents: `workflow` tells the story; `reading` takes what the partner sends, `shipping` writes it to Shopify,
`position` asks and tells the purchase order, `linking` links the papers on the order, `chasing` asks for what is missing,
`shortfall` gives up what never comes; each on the same `context`. `refusals` says why the merchant must wait."""

from workflows.shipping_documents.workflow import ShippingDocumentsWorkflow

__all__ = ["ShippingDocumentsWorkflow"]
