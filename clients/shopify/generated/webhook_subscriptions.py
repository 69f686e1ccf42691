from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import WebhookSubscriptionFields


class WebhookSubscriptions(BaseModel):
    webhook_subscriptions: "WebhookSubscriptionsWebhookSubscriptions" = Field(
        alias="webhookSubscriptions"
    )


class WebhookSubscriptionsWebhookSubscriptions(BaseModel):
    page_info: "WebhookSubscriptionsWebhookSubscriptionsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["WebhookSubscriptionsWebhookSubscriptionsNodes"]


class WebhookSubscriptionsWebhookSubscriptionsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


WebhookSubscriptionsWebhookSubscriptionsNodes = WebhookSubscriptionFields
WebhookSubscriptions.model_rebuild()
WebhookSubscriptionsWebhookSubscriptions.model_rebuild()
