"""Bringing files to a dispute, by each of the two routes, at an emulator that has both."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from clients.shopify.admin import AdminApi
from clients.shopify.credentials import ShopCredentials
from clients.shopify.dispute_files import (
    DisputeFiles,
    FileRefused,
    FilesClosed,
    NewFile,
    RestRoute,
    UploadedFilesRoute,
    dispute_files,
)
from clients.shopify.errors import (
    ShopifyReplyUnreadable,
    ShopifyUnavailable,
    ShopifyUserErrors,
)
from clients.shopify.factory import ShopifyClients
from domain.dispute.papers import EvidenceField
from emulators.shopify.app import create_app
from emulators.shopify.options import SCOPES, Options
from tests.clients.shopify.conftest import ScriptedShop

PDF = b"%PDF-1.4 proof of delivery"
SHIPPING = EvidenceField.SHIPPING_DOCUMENTATION
VERSIONS = ("2026-10", "unstable")


@dataclass
class Disputed:
    """A dispute of the emulator's, from both sides."""

    admin: AdminApi
    http: httpx.AsyncClient
    files: DisputeFiles
    dispute_id: str
    evidence_id: str

    async def put(self, content: bytes = PDF, name: str = "one.pdf", kind: str = "") -> None:
        file = NewFile(SHIPPING, kind or SHIPPING.file_type, name, "application/pdf", content)
        await self.files.put(self.dispute_id, self.evidence_id, file)

    async def id_of(self, name: str) -> str:
        listed = await self.files.list(self.dispute_id)
        return next(one.id for one in listed or () if one.name == name)

    async def in_shopify(self) -> dict[str, Any]:
        """Field -> name of the file it shows, and the names of all files."""
        state = (await self.http.get("/_emulator/state")).json()
        (found,) = state["shops"]["acme"]["disputes"]
        result: dict[str, Any] = found
        return result

    async def decide(self, **status: str) -> None:
        number = self.dispute_id.rpartition("/")[2]
        answer = await self.http.post(
            f"/_emulator/shops/acme/disputes/{number}/decide", json=status
        )
        assert answer.is_success, answer.text


Open = Callable[..., AbstractAsyncContextManager[Disputed]]


@asynccontextmanager
async def disputed(version: str, scopes: tuple[str, ...] = SCOPES) -> AsyncIterator[Disputed]:
    app = create_app(Options(scopes=scopes))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shopify.test") as http:
        await http.post("/_emulator/shops/acme", json={"name": "Acme", "currency": "EUR"})
        line = {"sku": "MUG", "quantity": 1, "price": "20.00"}
        order = (await http.post("/_emulator/shops/acme/orders", json={"lines": [line]})).json()
        made = (
            await http.post("/_emulator/shops/acme/disputes", json={"order_id": order["order_id"]})
        ).json()
        credentials = ShopCredentials(
            shop="acme",
            base_url="http://shopify.test/acme",
            client_id="demo-client-id",
            client_secret="demo-client-secret",
            api_version=version,
        )
        admin = ShopifyClients(http).for_shop(credentials)
        yield Disputed(admin, http, dispute_files(admin), made["dispute_id"], made["evidence_id"])
    await app.state.emulator.aclose()


def test_the_route_follows_from_the_version() -> None:
    def route(version: str) -> DisputeFiles:
        credentials = ShopCredentials(
            shop="acme", base_url="https://acme.test", access_token="t", api_version=version
        )
        return dispute_files(AdminApi(credentials, httpx.AsyncClient()))

    assert isinstance(route("2026-10"), RestRoute)
    assert isinstance(route("2027-01"), RestRoute)
    assert isinstance(route("unstable"), UploadedFilesRoute)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_file_is_put_shown_replaced_and_removed(version: str) -> None:
    async with disputed(version) as dispute:
        await dispute.put()
        first = await dispute.id_of("one.pdf")
        assert (await dispute.in_shopify())["files"] == {SHIPPING: "one.pdf"}
        listed = await dispute.files.list(dispute.dispute_id)
        assert listed is not None
        assert [(one.kind, one.size) for one in listed] == [(SHIPPING.file_type, len(PDF))]
        await dispute.put(PDF + b"more", "two.pdf")
        await dispute.files.show(dispute.evidence_id, SHIPPING, first)
        assert (await dispute.in_shopify())["files"] == {SHIPPING: "one.pdf"}
        second = await dispute.id_of("two.pdf")
        await dispute.files.show(dispute.evidence_id, SHIPPING, second)
        remove = (dispute.dispute_id, dispute.evidence_id, SHIPPING, first)
        await dispute.files.remove(*remove)
        found = await dispute.in_shopify()
        assert (found["files"], found["uploads"]) == ({SHIPPING: "two.pdf"}, ["two.pdf"])
        await dispute.files.remove(*remove)  # gone already: no error


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_file_that_shopify_does_not_take_is_refused(version: str) -> None:
    async with disputed(version) as dispute:
        with pytest.raises(FileRefused):
            await dispute.put(b"text")
        with pytest.raises(FileRefused):
            await dispute.put(b"%PDF" + b"x" * 2 * 1024 * 1024)
        assert (await dispute.in_shopify())["uploads"] == []


async def test_without_the_scope_the_rest_route_is_closed() -> None:
    scopes = tuple(scope for scope in SCOPES if "file_uploads" not in scope)
    async with disputed("2026-10", scopes) as dispute:
        with pytest.raises(FilesClosed) as closed:
            await dispute.put()
        assert closed.value.status == 403


async def test_without_the_scope_or_the_field_the_graphql_route_is_closed() -> None:
    scopes = tuple(s for s in SCOPES if s != "write_shopify_payments_dispute_evidences")
    async with disputed("unstable", scopes) as dispute:
        with pytest.raises(FilesClosed):
            await dispute.put()
    async with disputed("2026-10") as dispute:
        dispute.files = UploadedFilesRoute(dispute.admin)
        with pytest.raises(FilesClosed):
            await dispute.put()


@pytest.mark.parametrize("status", [403, 404, 405, 410])
async def test_a_route_that_is_gone_is_closed(
    admin: AdminApi, shop: ScriptedShop, status: int
) -> None:
    shop.then({"errors": "Not Found"}, status=status)
    with pytest.raises(FilesClosed):
        await RestRoute(admin).put("1", "2", NewFile(SHIPPING, "x", "n", "application/pdf", PDF))
    assert shop.calls[0].url.path.endswith("/disputes/1/dispute_file_uploads.json")


async def test_a_failing_route_may_work_later_and_an_old_token_is_renewed(
    admin: AdminApi, shop: ScriptedShop
) -> None:
    shop.then({}, status=502)
    file = NewFile(SHIPPING, "x", "n", "application/pdf", PDF)
    with pytest.raises(ShopifyUnavailable):
        await RestRoute(admin).put("1", "2", file)
    shop.answers.append(httpx.ConnectError("no route"))
    with pytest.raises(ShopifyUnavailable):
        await RestRoute(admin).put("1", "2", file)
    shop.then({}, status=401)
    shop.then({"dispute_file_upload": {"id": 7}})
    evidence = {"id": "2", "submitted": False, "disputeFileUploads": []}
    shop.then({"data": {"disputeEvidenceUpdate": {"disputeEvidence": evidence, "userErrors": []}}})
    await RestRoute(admin).put("1", "2", file)
    assert len(shop.token_calls) == 2
    shown = shop.body(-1)["variables"]["input"]
    assert shown[SHIPPING] == {"id": "gid://shopify/ShopifyPaymentsDisputeFileUpload/7"}


async def test_an_answer_that_does_not_say_which_file_it_was_is_a_refusal(
    admin: AdminApi, shop: ScriptedShop
) -> None:
    file = NewFile(SHIPPING, "x", "n", "application/pdf", PDF)
    answers: list[Any] = [
        {},
        {"dispute_file_upload": None},
        {"dispute_file_upload": {"id": "x"}},
        [],
    ]
    for answer in answers:
        shop.then(answer)
        with pytest.raises(ShopifyReplyUnreadable):
            await RestRoute(admin).put("1", "2", file)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_dispute_that_is_over_takes_no_file(version: str) -> None:
    async with disputed(version) as dispute:
        await dispute.decide(status="won")
        with pytest.raises((FileRefused, ShopifyUserErrors)):
            await dispute.put()


async def test_a_dispute_that_is_not_there_has_no_files() -> None:
    async with disputed("2026-10") as dispute:
        assert await dispute.files.list("gid://shopify/ShopifyPaymentsDispute/1") is None


async def test_our_token_goes_to_no_storage_provider() -> None:
    async with disputed("unstable") as dispute:
        seen: list[httpx.Request] = []

        async def keep(request: httpx.Request) -> None:
            seen.append(request)

        dispute.http.event_hooks["request"].append(keep)
        await dispute.put()
        staged = [request for request in seen if "/_storage/" in request.url.path]
        assert len(staged) == 1
        assert "x-shopify-access-token" not in staged[0].headers
