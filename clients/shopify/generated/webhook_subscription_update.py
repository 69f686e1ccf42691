from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import WebhookSubscriptionFields


class WebhookSubscriptionUpdate(BaseModel):
    webhook_subscription_update: Optional[
        "WebhookSubscriptionUpdateWebhookSubscriptionUpdate"
    ] = Field(alias="webhookSubscriptionUpdate")


class WebhookSubscriptionUpdateWebhookSubscriptionUpdate(BaseModel):
    webhook_subscription: Optional[
        "WebhookSubscriptionUpdateWebhookSubscriptionUpdateWebhookSubscription"
    ] = Field(alias="webhookSubscription")
    user_errors: list[
        "WebhookSubscriptionUpdateWebhookSubscriptionUpdateUserErrors"
    ] = Field(alias="userErrors")


WebhookSubscriptionUpdateWebhookSubscriptionUpdateWebhookSubscription = (
    WebhookSubscriptionFields
)


class WebhookSubscriptionUpdateWebhookSubscriptionUpdateUserErrors(BaseModel):
    field: Optional[list[str]]
    message: str


WebhookSubscriptionUpdate.model_rebuild()
WebhookSubscriptionUpdateWebhookSubscriptionUpdate.model_rebuild()
