from pydantic import Field

from .base_model import BaseModel
from .enums import CurrencyCode


class AppAccess(BaseModel):
    current_app_installation: "AppAccessCurrentAppInstallation" = Field(
        alias="currentAppInstallation"
    )
    shop: "AppAccessShop"


class AppAccessCurrentAppInstallation(BaseModel):
    id: str
    access_scopes: list["AppAccessCurrentAppInstallationAccessScopes"] = Field(
        alias="accessScopes"
    )


class AppAccessCurrentAppInstallationAccessScopes(BaseModel):
    handle: str


class AppAccessShop(BaseModel):
    id: str
    name: str
    myshopify_domain: str = Field(alias="myshopifyDomain")
    currency_code: CurrencyCode = Field(alias="currencyCode")
    iana_timezone: str = Field(alias="ianaTimezone")


AppAccess.model_rebuild()
AppAccessCurrentAppInstallation.model_rebuild()
