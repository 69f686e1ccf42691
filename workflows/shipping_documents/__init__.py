"""The workflow of shipping documents: `workflow` tells the story; the modules beside it are its steps."""

from workflows.shipping_documents.workflow import ShippingDocumentsWorkflow

__all__ = ["ShippingDocumentsWorkflow"]
