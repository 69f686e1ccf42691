from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import WebhookSubscriptionFields


class WebhookSubscriptionCreate(BaseModel):
    webhook_subscription_create: Optional[
        "WebhookSubscriptionCreateWebhookSubscriptionCreate"
    ] = Field(alias="webhookSubscriptionCreate")


class WebhookSubscriptionCreateWebhookSubscriptionCreate(BaseModel):
    webhook_subscription: Optional[
        "WebhookSubscriptionCreateWebhookSubscriptionCreateWebhookSubscription"
    ] = Field(alias="webhookSubscription")
    user_errors: list[
        "WebhookSubscriptionCreateWebhookSubscriptionCreateUserErrors"
    ] = Field(alias="userErrors")


WebhookSubscriptionCreateWebhookSubscriptionCreateWebhookSubscription = (
    WebhookSubscriptionFields
)


class WebhookSubscriptionCreateWebhookSubscriptionCreateUserErrors(BaseModel):
    field: Optional[list[str]]
    message: str


WebhookSubscriptionCreate.model_rebuild()
WebhookSubscriptionCreateWebhookSubscriptionCreate.model_rebuild()
