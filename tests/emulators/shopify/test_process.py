"""The emulator as a process: started, asked, ended."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys

import httpx
import pytest

COMMAND = (sys.executable, "-m", "emulators.shopify")


async def started(*arguments: str) -> tuple[asyncio.subprocess.Process, str]:
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 30)
    return process, line.decode().rpartition(" ")[2].strip()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_with_exit_code_0_while_webhooks_are_pending(
    number: signal.Signals,
) -> None:
    process, address = await started("--port", "0", "--retry-schedule", "60")
    try:
        async with httpx.AsyncClient(base_url=address, trust_env=False) as http:
            assert (await http.get("/healthz")).status_code == 200
            await http.post("/_emulator/shops/acme")
            token = await http.post(
                "/acme/admin/oauth/access_token",
                data={
                    "client_id": "demo-client-id",
                    "client_secret": "demo-client-secret",
                    "grant_type": "client_credentials",
                },
            )
            with socket.socket() as unused:
                unused.bind(("127.0.0.1", 0))
                port = unused.getsockname()[1]
            answer = await http.post(
                "/acme/admin/api/2026-10/graphql.json",
                json={
                    "query": """mutation S($s: WebhookSubscriptionInput!) {
                      webhookSubscriptionCreate(topic: ORDERS_CREATE, webhookSubscription: $s) {
                        userErrors { message } } }""",
                    "variables": {"s": {"uri": f"http://127.0.0.1:{port}/"}},
                },
                headers={"X-Shopify-Access-Token": token.json()["access_token"]},
            )
            assert answer.json()["data"]["webhookSubscriptionCreate"]["userErrors"] == []
            await http.post("/_emulator/shops/acme/orders", json={"lines": [{"sku": "A"}]})
            (delivery,) = (await http.get("/_emulator/deliveries")).json()["deliveries"]
            assert delivery["state"] == "pending"
    finally:
        process.send_signal(number)
        _, errors = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0
    assert errors.decode() == ""


async def test_a_taken_port_is_named(unused_tcp_port: int) -> None:
    with socket.create_server(("127.0.0.1", unused_tcp_port)):
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            "--port",
            str(unused_tcp_port),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert str(unused_tcp_port) in errors.decode()


async def test_a_missing_schema_is_named() -> None:
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        "--schema",
        "/nowhere.graphql",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 2
    assert "/nowhere.graphql" in errors.decode()
