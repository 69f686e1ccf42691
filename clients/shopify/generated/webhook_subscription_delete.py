from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class WebhookSubscriptionDelete(BaseModel):
    webhook_subscription_delete: Optional[
        "WebhookSubscriptionDeleteWebhookSubscriptionDelete"
    ] = Field(alias="webhookSubscriptionDelete")


class WebhookSubscriptionDeleteWebhookSubscriptionDelete(BaseModel):
    deleted_webhook_subscription_id: Optional[str] = Field(
        alias="deletedWebhookSubscriptionId"
    )
    user_errors: list[
        "WebhookSubscriptionDeleteWebhookSubscriptionDeleteUserErrors"
    ] = Field(alias="userErrors")


class WebhookSubscriptionDeleteWebhookSubscriptionDeleteUserErrors(BaseModel):
    field: Optional[list[str]]
    message: str


WebhookSubscriptionDelete.model_rebuild()
WebhookSubscriptionDeleteWebhookSubscriptionDelete.model_rebuild()
