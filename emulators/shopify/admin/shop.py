"""The shop itself, the app's installation, nodes by id."""

from __future__ import annotations

from typing import Any

from emulators.shopify.engine.registry import Args, Context, bad_request, query, resolver
from emulators.shopify.model.resource import Resource, gid_type, parse_gid
from emulators.shopify.model.shop import Shop
from emulators.shopify.options import SUPPORTED_VERSIONS


@query("shop")
def shop(_: Any, context: Context, __: Args) -> Shop:
    return context.shop


@resolver("Shop", "name")
def name(shop_: Shop, _: Context, __: Args) -> str:
    return shop_.display_name


@resolver("Shop", "myshopifyDomain")
def domain(shop_: Shop, _: Context, __: Args) -> str:
    return shop_.domain


@resolver("Shop", "currencyCode")
def currency(shop_: Shop, _: Context, __: Args) -> str:
    return shop_.currency


@resolver("Shop", "plan")
def plan(_: Shop, __: Context, ___: Args) -> dict[str, Any]:
    return {"publicDisplayName": "Development", "shopifyPlus": False, "partnerDevelopment": True}


@query("currentAppInstallation")
def current_app_installation(_: Any, context: Context, __: Args) -> dict[str, Any]:
    options = context.emulator.options
    return {
        "__typename": "AppInstallation",
        "id": f"gid://shopify/AppInstallation/{context.shop.installation_id}",
        "accessScopes": [
            {"handle": scope, "description": scope.replace("_", " ").capitalize()}
            for scope in sorted(context.scopes)
        ],
        "app": {
            "__typename": "App",
            "id": f"gid://shopify/App/{options.app_id}",
            "title": options.app_title,
            "apiKey": options.client_id,
            "handle": options.app_title.lower(),
        },
    }


@query("publicApiVersions")
def public_api_versions(_: Any, __: Context, ___: Args) -> list[dict[str, Any]]:
    return [api_version(handle) for handle in reversed(SUPPORTED_VERSIONS)]


def api_version(handle: str) -> dict[str, Any]:
    supported = handle in SUPPORTED_VERSIONS
    return {"handle": handle, "displayName": handle, "supported": supported}


@query("node")
def node(_: Any, context: Context, args: Args) -> Resource | None:
    return _node(context, args["id"])


@query("nodes")
def nodes(_: Any, context: Context, args: Args) -> list[Resource | None]:
    if len(args["ids"]) > 250:
        raise bad_request("The input array size is greater than the maximum allowed of 250.")
    return [_node(context, gid) for gid in args["ids"]]


def _node(context: Context, gid: str) -> Resource | None:
    kind = gid_type(gid)
    if kind is None or parse_gid(gid) is None:
        raise bad_request(f"Invalid global id '{gid}'", "argumentLiteralsIncompatible")
    schema = context.emulator.schema
    return context.shop.find(gid) if schema.get_type(kind) is not None else None
