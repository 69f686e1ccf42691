"""Disputes: opened, answered in a draft, submitted once, decided; files by REST; escalation."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulators.shopify.fulfillment import number, told

if TYPE_CHECKING:
    import httpx

    from tests.emulators.shopify.conftest import Driver, Receiver

ONE = """query D($id: ID!) { dispute(id: $id) { id legacyResourceId status type initiatedAt
  evidenceDueBy evidenceSentOn finalizedOn amount { amount currencyCode }
  reasonDetails { reason networkReasonCode } order { id name disputes { id initiatedAs status } }
  disputeEvidence { id submitted productDescription uncategorizedText accessActivityLog
    shippingDocumentationFile { id } shippingAddress { id } customerPurchaseIp
    disputeFileUploads { id disputeEvidenceType fileType fileSize originalFileName url }
    fulfillments { id shippingCarrier shippingDate shippingTrackingNumber } } } }"""
EVIDENCE = """query E($id: ID!) { disputeEvidence(id: $id) { id submitted uncategorizedText
  dispute { id } } }"""
LIST = """query L($query: String) { disputes(first: 10, query: $query) {
  nodes { id status order { id } } } }"""
UPDATE = """mutation U($id: ID!, $input: ShopifyPaymentsDisputeEvidenceUpdateInput!) {
  disputeEvidenceUpdate(id: $id, input: $input) {
    disputeEvidence { id submitted uncategorizedText } userErrors { code field message } } }"""
STAGE = """mutation S($input: [StagedUploadInput!]!) { stagedUploadsCreate(input: $input) {
  stagedTargets { url resourceUrl parameters { name value } } userErrors { field message } } }"""
PDF = b"%PDF-1.4 proof of delivery"


async def opened(shop: Driver, **more: Any) -> dict[str, Any]:
    order = await shop.order({"sku": "LAMP", "quantity": 2, "price": "25.00"})
    body = {"order_id": order["order_id"], **more}
    return await shop.control("/shops/acme/disputes", body)


async def one(shop: Driver, made: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await shop.ask(ONE, id=made["dispute_id"]))["dispute"]
    return found


async def update(shop: Driver, made: dict[str, Any], **given: Any) -> list[str]:
    """The codes of the refusals; none where it was written."""
    payload = await shop.mutate(UPDATE, id=made["evidence_id"], input=given)
    return [error["code"] for error in payload["userErrors"]]


async def upload(
    shop: Driver,
    made: dict[str, Any],
    content: bytes = PDF,
    *,
    kind: str = "shipping_documentation_file",
    **more: Any,
) -> httpx.Response:
    data = base64.b64encode(content).decode()
    file = {"document_type": kind, "filename": "pod.pdf", "mimetype": "application/pdf"}
    return await shop.http.post(
        _files(made),
        json={"dispute_file_upload": {**file, "data": data, **more}},
        headers={"X-Shopify-Access-Token": shop.token},
    )


async def uploaded(shop: Driver, made: dict[str, Any], content: bytes = PDF) -> str:
    response = await upload(shop, made, content)
    assert response.status_code == 200, response.text
    file = response.json()["dispute_file_upload"]
    return f"gid://shopify/ShopifyPaymentsDisputeFileUpload/{file['id']}"


def _files(made: dict[str, Any], tail: str = "") -> str:
    at = f"/acme/admin/api/2026-10/shopify_payments/disputes/{number(made['dispute_id'])}"
    return f"{at}/dispute_file_uploads{tail}.json"


async def test_a_dispute_says_what_is_at_stake_and_until_when(
    shop: Driver, receiver: Receiver
) -> None:
    await shop.subscribe("DISPUTES_CREATE")
    made = await opened(
        shop,
        reason="product_not_received",
        amount="25.00",
        evidence_due_in_s=86400,
        network_reason_code="13.1",
    )
    found = await one(shop, made)
    assert (found["status"], found["type"]) == ("NEEDS_RESPONSE", "CHARGEBACK")
    assert found["initiatedAt"] == "2026-11-02T09:00:00Z"
    assert found["evidenceDueBy"] == "2026-11-03T09:00:00Z"
    assert (found["evidenceSentOn"], found["finalizedOn"]) == (None, None)
    assert found["amount"] == {"amount": "25.0", "currencyCode": "USD"}
    assert found["reasonDetails"] == {"reason": "PRODUCT_NOT_RECEIVED", "networkReasonCode": "13.1"}
    assert found["order"]["disputes"][0]["initiatedAs"] == "CHARGEBACK"
    evidence = found["disputeEvidence"]
    assert evidence["productDescription"] == "LAMP"
    assert evidence["fulfillments"][0]["shippingDate"] == "2026-11-02"
    assert not evidence["submitted"]
    (listed,) = (await shop.ask(LIST, query="status:needs_response"))["disputes"]["nodes"]
    assert listed["order"]["id"] == found["order"]["id"]
    since = "initiated_at:>='2026-11-03T00:00:00Z'"
    assert (await shop.ask(LIST, query=since))["disputes"]["nodes"] == []
    await told(shop, receiver)
    payload = receiver.received[0].payload
    assert payload["id"] == int(number(made["dispute_id"]))
    assert payload["order_id"] == int(number(found["order"]["id"]))
    assert (payload["type"], payload["reason"]) == ("chargeback", "product_not_received")
    assert (payload["status"], payload["amount"]) == ("needs_response", "25.00")
    assert payload["evidence_due_by"] == "2026-11-03T09:00:00Z"


async def test_the_draft_is_written_as_often_as_wanted_and_submitted_once(
    shop: Driver, receiver: Receiver
) -> None:
    await shop.subscribe("DISPUTES_UPDATE")
    made = await opened(shop)
    assert await update(shop, made, uncategorizedText="one", accessActivityLog="seen") == []
    assert await update(shop, made, uncategorizedText="two") == []
    evidence = (await one(shop, made))["disputeEvidence"]
    assert (evidence["uncategorizedText"], evidence["accessActivityLog"]) == ("two", "seen")
    assert await told(shop, receiver) == []
    shop.clock.pass_(hours=1)
    assert await update(shop, made, submitEvidence=True) == []
    found = await one(shop, made)
    assert (found["status"], found["evidenceSentOn"]) == ("UNDER_REVIEW", "2026-11-02T10:00:00Z")
    assert found["disputeEvidence"]["submitted"]
    for given in ({"uncategorizedText": "three"}, {"submitEvidence": True}):
        assert await update(shop, made, **given) == ["EVIDENCE_ALREADY_ACCEPTED"]
    read = (await shop.ask(EVIDENCE, id=made["evidence_id"]))["disputeEvidence"]
    assert (read["uncategorizedText"], read["dispute"]["id"]) == ("two", made["dispute_id"])
    assert await told(shop, receiver) == ["disputes/update"]
    assert receiver.received[0].payload["status"] == "under_review"
    (state,) = (await shop.control("/state", verb="GET"))["shops"]["acme"]["disputes"]
    assert state["submissions"] == {"CHARGEBACK": 1}


async def test_an_empty_text_is_taken_out(shop: Driver) -> None:
    made = await opened(shop)
    await update(shop, made, uncategorizedText="one")
    assert await update(shop, made, uncategorizedText=None) == []
    assert (await one(shop, made))["disputeEvidence"]["uncategorizedText"] is None


async def test_nothing_is_taken_after_the_due_date(shop: Driver) -> None:
    made = await opened(shop, evidence_due_in_s=60)
    shop.clock.pass_(seconds=60)
    assert await update(shop, made, uncategorizedText="in time") == []
    shop.clock.pass_(seconds=1)
    for given in ({"uncategorizedText": "late"}, {"submitEvidence": True}):
        assert await update(shop, made, **given) == ["EVIDENCE_PAST_DUE_DATE"]
    assert (await upload(shop, made)).status_code == 422
    found = await one(shop, made)
    assert found["disputeEvidence"]["uncategorizedText"] == "in time"
    assert found["status"] == "NEEDS_RESPONSE"


async def test_without_a_due_date_there_is_always_time(shop: Driver) -> None:
    made = await opened(shop, evidence_due_in_s=None)
    assert (await one(shop, made))["evidenceDueBy"] is None
    shop.clock.pass_(days=400)
    await shop.sign_in()
    assert await update(shop, made, submitEvidence=True) == []


@pytest.mark.parametrize(
    ("texts", "codes"),
    [
        ({"uncategorizedText": "x" * 20_000}, []),
        ({"uncategorizedText": "x" * 20_001}, ["TOO_LARGE"]),
    ],
)
async def test_texts_have_a_limit(shop: Driver, texts: dict[str, str], codes: list[str]) -> None:
    assert await update(shop, await opened(shop), **texts) == codes


async def test_all_texts_together_have_a_limit(shop: Driver) -> None:
    made = await opened(shop)
    names = (
        "accessActivityLog",
        "cancellationPolicyDisclosure",
        "cancellationRebuttal",
        "customerFirstName",
        "refundPolicyDisclosure",
        "refundRefusalExplanation",
        "uncategorizedText",
    )
    assert await update(shop, made, **dict.fromkeys(names, "x" * 20_000)) == []
    assert await update(shop, made, customerLastName="x" * 10_001) == ["TOO_LARGE"]


async def test_the_id_is_the_evidence_s(shop: Driver) -> None:
    made = await opened(shop)
    body = await shop.body(UPDATE, id=made["dispute_id"], input={})
    assert "Invalid global id" in body["errors"][0]["message"]
    unknown = {"evidence_id": "gid://shopify/ShopifyPaymentsDisputeEvidence/1"}
    assert await update(shop, unknown, uncategorizedText="x") == ["DISPUTE_EVIDENCE_NOT_FOUND"]


async def test_a_file_is_uploaded_by_rest_shown_in_a_field_and_read(shop: Driver) -> None:
    made = await opened(shop)
    gid = await uploaded(shop, made)
    assert await update(shop, made, shippingDocumentationFile={"id": gid}) == []
    evidence = (await one(shop, made))["disputeEvidence"]
    assert evidence["shippingDocumentationFile"]["id"] == gid
    (file,) = evidence["disputeFileUploads"]
    assert file["disputeEvidenceType"] == "SHIPPING_DOCUMENTATION_FILE"
    assert (file["fileType"], file["fileSize"]) == ("application/pdf", len(PDF))
    assert file["originalFileName"] == "pod.pdf"
    assert (await shop.http.get(file["url"])).content == PDF
    headers = {"X-Shopify-Access-Token": shop.token}
    listed = (await shop.http.get(_files(made), headers=headers)).json()
    assert [f["filename"] for f in listed["dispute_file_uploads"]] == ["pod.pdf"]
    done = await update(shop, made, shippingDocumentationFile={"id": gid, "destroy": True})
    assert done == []
    evidence = (await one(shop, made))["disputeEvidence"]
    assert (evidence["shippingDocumentationFile"], evidence["disputeFileUploads"]) == (None, [])
    other = number(await uploaded(shop, made))
    deleted = await shop.http.delete(_files(made, f"/{other}"), headers=headers)
    assert deleted.status_code == 200
    assert (await shop.http.delete(_files(made, f"/{other}"), headers=headers)).status_code == 404


async def test_a_file_of_another_dispute_is_not_found(shop: Driver) -> None:
    gid = await uploaded(shop, await opened(shop))
    made = await opened(shop)
    assert await update(shop, made, uncategorizedFile={"id": gid}) == ["FILE_NOT_FOUND"]


@pytest.mark.parametrize(
    ("content", "more", "field"),
    [
        (b"%PDF" + b"x" * 2 * 1024 * 1024, {}, "file_size"),
        (b"text", {}, "mimetype"),
        (PDF, {"mimetype": "text/plain"}, "mimetype"),
        (PDF, {"kind": "nonsense"}, "document_type"),
        (PDF, {"filename": ""}, "filename"),
        (PDF, {"data": "%%"}, "data"),
    ],
)
async def test_a_file_that_is_too_large_or_of_another_kind_is_refused(
    shop: Driver, content: bytes, more: dict[str, Any], field: str
) -> None:
    response = await upload(shop, await opened(shop), content, **more)
    assert response.status_code == 422
    assert field in response.json()["errors"]


async def test_the_files_shown_have_a_limit_together(shop: Driver) -> None:
    made = await opened(shop)
    big = b"%PDF" + b"x" * (2 * 1024 * 1024 - 4)
    ids = [await uploaded(shop, made, big) for _ in range(3)]
    fields = ("shippingDocumentationFile", "uncategorizedFile", "refundPolicyFile")
    two = {name: {"id": gid} for name, gid in zip(fields[:2], ids, strict=False)}
    assert await update(shop, made, **two) == []
    third = {fields[2]: {"id": ids[2]}}
    assert await update(shop, made, **third) == ["FILES_SIZE_EXCEEDED_LIMIT"]


async def test_an_upload_needs_a_token_and_a_dispute(shop: Driver) -> None:
    made = await opened(shop)
    assert (await shop.http.post(_files(made), json={})).status_code == 401
    headers = {"X-Shopify-Access-Token": shop.token}
    missing = _files({"dispute_id": "gid://shopify/ShopifyPaymentsDispute/9999999"})
    assert (await shop.http.post(missing, json={}, headers=headers)).status_code == 404
    assert (await shop.http.post(_files(made), json={}, headers=headers)).status_code == 400
    await shop.control("/faults", {"api": {"down": True}}, verb="PUT")
    assert (await upload(shop, made)).status_code == 503


async def test_staged_uploads_take_files_but_stable_graphql_attaches_none(shop: Driver) -> None:
    given = {
        "resource": "DISPUTE_FILE_UPLOAD",
        "filename": "pod.pdf",
        "mimeType": "application/pdf",
        "httpMethod": "PUT",
    }
    (target,) = (await shop.mutate(STAGE, input=[given]))["stagedTargets"]
    assert (await shop.http.get(target["resourceUrl"])).status_code == 404
    assert (await shop.http.put(target["url"], content=PDF)).status_code == 200
    assert (await shop.http.get(target["resourceUrl"])).content == PDF
    (form,) = (await shop.mutate(STAGE, input=[given | {"httpMethod": "POST"}]))["stagedTargets"]
    fields = {p["name"]: p["value"] for p in form["parameters"]}
    sent = await shop.http.post(form["url"], data=fields, files={"file": ("pod.pdf", PDF)})
    assert sent.status_code == 201
    assert (await shop.http.get(form["resourceUrl"])).content == PDF
    wrong = await shop.mutate(STAGE, input=[given | {"mimeType": "text/csv"}])
    assert wrong["userErrors"][0]["field"] == ["input", "0", "mimeType"]
    made = await opened(shop)
    file = {"originalFileName": "pod.pdf", "originalSource": target["resourceUrl"]}
    body = await shop.body(UPDATE, id=made["evidence_id"], input={"uploadedFiles": [file]})
    assert "uploadedFiles" in body["errors"][0]["message"]


async def test_the_unstable_version_takes_staged_files_and_shows_them(shop: Driver) -> None:
    made = await opened(shop)

    async def send(content: bytes | None, **more: Any) -> list[str]:
        given = {
            "resource": "DISPUTE_FILE_UPLOAD",
            "filename": "pod.pdf",
            "mimeType": "application/pdf",
            "httpMethod": "PUT",
        }
        (target,) = (await shop.mutate(STAGE, input=[given]))["stagedTargets"]
        if content is not None:
            await shop.http.put(target["url"], content=content)
        file = {"originalFileName": "pod.pdf", "originalSource": target["resourceUrl"], **more}
        answer = await shop.post(
            UPDATE, version="unstable", id=made["evidence_id"], input={"uploadedFiles": [file]}
        )
        assert answer.headers["x-shopify-api-version"] == "unstable"
        payload = answer.json()["data"]["disputeEvidenceUpdate"]
        return [error["code"] for error in payload["userErrors"]]

    assert await send(PDF, disputeEvidenceFileType="SHIPPING_DOCUMENTATION_FILE") == []
    evidence = (await one(shop, made))["disputeEvidence"]
    (file,) = evidence["disputeFileUploads"]
    assert evidence["shippingDocumentationFile"]["id"] == file["id"]
    assert (file["originalFileName"], file["fileSize"]) == ("pod.pdf", len(PDF))
    assert (await shop.http.get(file["url"])).content == PDF
    assert await send(None) == ["FILE_NOT_FOUND"]
    assert await send(b"text") == ["INVALID"]
    assert await send(b"%PDF" + b"x" * 2 * 1024 * 1024) == ["FILES_SIZE_EXCEEDED_LIMIT"]
    assert len((await one(shop, made))["disputeEvidence"]["disputeFileUploads"]) == 1


async def test_the_bank_decides(shop: Driver, receiver: Receiver) -> None:
    await shop.subscribe("DISPUTES_UPDATE")
    made = await opened(shop)
    at = f"/shops/acme/disputes/{number(made['dispute_id'])}/decide"
    decided = await shop.control(at, {"status": "won"})
    assert (decided["status"], decided["finalized_on"]) == ("WON", "2026-11-02T09:00:00Z")
    assert await told(shop, receiver) == ["disputes/update"]
    assert receiver.received[0].payload["finalized_on"] == "2026-11-02T09:00:00Z"
    assert await update(shop, made, uncategorizedText="too late") == ["INVALID"]
    await shop.control(at, {"status": "lost"}, status=409)
    await shop.control(at, {"status": "needs_response"}, status=422)


async def test_an_inquiry_that_becomes_a_chargeback_is_answered_once_more(
    shop: Driver, receiver: Receiver
) -> None:
    await shop.subscribe("DISPUTES_UPDATE")
    made = await opened(shop, type="inquiry", evidence_due_in_s=3600)
    await update(shop, made, uncategorizedText="first", submitEvidence=True)
    at = f"/shops/acme/disputes/{number(made['dispute_id'])}/escalate"
    await shop.control(at, {"evidence_due_in_s": 7200})
    found = await one(shop, made)
    assert (found["type"], found["status"]) == ("CHARGEBACK", "NEEDS_RESPONSE")
    assert found["evidenceDueBy"] == "2026-11-02T11:00:00Z"
    assert found["order"]["disputes"][0]["initiatedAs"] == "INQUIRY"
    assert found["disputeEvidence"]["id"] == made["evidence_id"]
    assert found["disputeEvidence"]["uncategorizedText"] == "first"
    assert await update(shop, made, submitEvidence=True) == []
    assert await update(shop, made, submitEvidence=True) == ["EVIDENCE_ALREADY_ACCEPTED"]
    (state,) = (await shop.control("/state", verb="GET"))["shops"]["acme"]["disputes"]
    assert state["submissions"] == {"INQUIRY": 1, "CHARGEBACK": 1}
    assert await told(shop, receiver) == ["disputes/update"] * 3
    await shop.control(at, {}, status=409)


async def test_staff_types_into_the_evidence_too(shop: Driver) -> None:
    made = await opened(shop)
    await update(shop, made, uncategorizedText="ours")
    at = f"/shops/acme/disputes/{number(made['dispute_id'])}/evidence"
    await shop.control(at, {"append": "theirs"})
    assert (await one(shop, made))["disputeEvidence"]["uncategorizedText"] == "ours\ntheirs"
    done = await shop.control(at, {"uncategorized_text": "all theirs", "submit": True})
    assert (done["submitted"], done["status"]) == (True, "UNDER_REVIEW")
    assert await update(shop, made, uncategorizedText="ours") == ["EVIDENCE_ALREADY_ACCEPTED"]


async def test_the_page_shows_a_dispute_with_its_evidence(shop: Driver) -> None:
    made = await opened(shop, reason="product_unacceptable", amount="12.50")
    await uploaded(shop, made)
    await update(shop, made, uncategorizedText="<script>what happened</script>")
    page = (await shop.http.get("/")).text
    for part in ("Chargeback on #1001", "product unacceptable", "12.50 USD", "what happened"):
        assert part in page
    assert "pod.pdf" in page
    assert "<script" not in page


async def test_a_bank_moves_the_due_date_of_what_is_not_answered(shop: Driver) -> None:
    made = await opened(shop)
    at = f"/shops/acme/disputes/{number(made['dispute_id'])}"
    await shop.control(f"{at}/due", {"evidence_due_in_s": 7200})
    before = (await one(shop, made))["evidenceDueBy"]
    await shop.control(f"{at}/due", {"evidence_due_in_s": 3600})
    assert (await one(shop, made))["evidenceDueBy"] < before
    await shop.control(f"{at}/decide", {"status": "won"})
    await shop.control(f"{at}/due", {"evidence_due_in_s": 60}, status=409)
