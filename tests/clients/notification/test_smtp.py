"""Mail, handed to a real server on this machine."""

import asyncio
import contextlib
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clients.notification import (
    DeliveryFailed,
    EmailChannel,
    Notification,
    RecipientInvalid,
    SmtpServer,
)

TO = "mailto:ops@example.com"
Make = Callable[..., Notification]


@dataclass
class Sink:
    """An SMTP server that keeps what it is handed; `replies` overrides its answer to a command."""

    replies: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    commands: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._talk(reader, writer)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := (await reader.readline()).decode().strip():
            verb = line.split(" ")[0].upper()
            self.commands.append(line)
            reply = self.replies.get(verb, "250 ok")
            if verb == "EHLO" and reply == "250 ok":
                reply = "250-sink\r\n250-AUTH PLAIN\r\n250 " + ("STARTTLS" if self.tls else "HELP")
            if verb == "DATA" and reply == "250 ok":
                writer.write(b"354 go on\r\n")
                self.messages.append((await reader.readuntil(b"\r\n.\r\n"))[:-3])
            if verb == "STARTTLS":
                writer.write(b"220 go on\r\n")
                await writer.start_tls(self.tls or ssl.create_default_context())
                continue
            if verb == "AUTH" and reply == "250 ok":
                reply = "235 welcome"
            if reply == "silence":
                await asyncio.sleep(30)
            if reply == "hang up":
                break
            writer.write(("221 bye" if verb == "QUIT" else reply).encode() + b"\r\n")
            if verb == "QUIT":
                break

    def mail(self) -> EmailMessage:
        (raw,) = self.messages
        message = message_from_bytes(raw.replace(b"\r\n..", b"\r\n."), policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message


@contextlib.asynccontextmanager
async def running(sink: Sink, *, implicit_tls: bool = False) -> AsyncIterator[Sink]:
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.create_task(sink.serve(reader, writer)))

    server = await asyncio.start_server(
        accept, "127.0.0.1", 0, ssl=sink.tls if implicit_tls else None
    )
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def a_channel(sink: Sink, tls: ssl.SSLContext | None = None, **changes: Any) -> EmailChannel:
    given = {
        "host": "127.0.0.1",
        "port": sink.port,
        "sender": "gridcase@acme.example",
        "security": "none",
        "timeout_s": 5.0,
    }
    return EmailChannel(SmtpServer(**{**given, **changes}), tls=tls)


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's TLS context for `localhost`, and a client's that trusts it."""
    folder: Path = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    both = folder / "both.pem"
    both.write_bytes(private + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(both)
    return server, ssl.create_default_context(cadata=pem.decode())


async def test_a_mail_arrives_whole(a_notification: Make) -> None:
    async with running(Sink()) as sink:
        await a_channel(sink).send(a_notification(), TO)
    mail = sink.mail()
    assert mail["From"] == "gridcase@acme.example"
    assert mail["To"] == "ops@example.com"
    assert mail["Subject"] == "[warning] Return 1 waits for a decision"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().replace("\r\n", "\n") == (
        "The partner has not answered.\n.\nGrüße\n\n"
        "https://gridcase.example.com/cases/7\n\n"
        "Case: return-claim:acme:1\nShop: acme\nFor: operations\n"
    )
    assert "rcpt to:<ops@example.com>" in [command.lower() for command in sink.commands]


async def test_a_repeat_has_the_same_message_id_and_another_recipient_has_not(
    a_notification: Make,
) -> None:
    async with running(Sink()) as sink:
        channel = a_channel(sink)
        await channel.send(a_notification(), TO)
        await channel.send(a_notification(), TO)
        await channel.send(a_notification(), "mailto:other@example.com")
    first, again, other = (message_from_bytes(raw)["Message-ID"] for raw in sink.messages)
    assert first == again != other
    assert first.endswith("@acme.example>")


async def test_an_urgent_subject_of_two_lines_stays_one_header(a_notification: Make) -> None:
    async with running(Sink()) as sink:
        notification = a_notification(subject="Now\r\nBcc: all@example.com", severity="urgent")
        await a_channel(sink).send(notification, TO)
    assert sink.mail()["Subject"] == "[URGENT] Now Bcc: all@example.com"
    assert sink.mail()["Bcc"] is None
    assert sink.mail()["Importance"] == "high"


async def test_starttls_comes_before_the_password(
    a_notification: Make, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server, client = contexts
    async with running(Sink(tls=server)) as sink:
        channel = a_channel(
            sink, client, host="localhost", security="starttls", username="me", password="pw"
        )
        await channel.send(a_notification(), TO)
    verbs = [command.split(" ")[0].upper() for command in sink.commands]
    assert verbs.index("STARTTLS") < verbs.index("AUTH") < verbs.index("MAIL")
    assert len(sink.messages) == 1


async def test_tls_may_hold_from_the_first_byte(
    a_notification: Make, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server, client = contexts
    async with running(Sink(tls=server), implicit_tls=True) as sink:
        await a_channel(sink, client, host="localhost", security="tls").send(a_notification(), TO)
    assert len(sink.messages) == 1


async def test_a_certificate_nobody_trusts_is_no_matter_of_repeating(
    a_notification: Make, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    async with running(Sink(tls=contexts[0]), implicit_tls=True) as sink:
        channel = a_channel(sink, host="localhost", security="tls")
        with pytest.raises(DeliveryFailed, match="certificate") as caught:
            await channel.send(a_notification(), TO)
    assert not caught.value.retryable


async def test_a_server_without_starttls_gets_no_mail(a_notification: Make) -> None:
    async with running(Sink()) as sink:
        with pytest.raises(DeliveryFailed, match="STARTTLS") as caught:
            await a_channel(sink, security="starttls").send(a_notification(), TO)
    assert not caught.value.retryable
    assert sink.messages == []


@pytest.mark.parametrize(
    ("verb", "reply", "retryable", "says"),
    [
        ("RCPT", "550 no such mailbox", False, "no such mailbox"),
        ("RCPT", "451 greylisted", True, "greylisted"),
        ("MAIL", "553 not you", False, "not you"),
        ("DATA", "452 full", True, "full"),
        ("DATA", "554 spam", False, "spam"),
        ("EHLO", "hang up", True, "SMTPServerDisconnected"),
    ],
)
async def test_a_refusal_says_whether_a_repeat_helps(
    a_notification: Make, verb: str, reply: str, retryable: bool, says: str
) -> None:
    async with running(Sink(replies={verb: reply})) as sink:
        with pytest.raises(DeliveryFailed, match=says) as caught:
            await a_channel(sink).send(a_notification(), TO)
    assert caught.value.retryable is retryable
    assert caught.value.recipient == TO


async def test_a_wrong_password_is_no_matter_of_repeating(
    a_notification: Make, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server, client = contexts
    async with running(Sink(tls=server, replies={"AUTH": "535 wrong"})) as sink:
        channel = a_channel(
            sink, client, host="localhost", security="starttls", username="me", password="pw"
        )
        with pytest.raises(DeliveryFailed, match="535") as caught:
            await channel.send(a_notification(), TO)
    assert not caught.value.retryable


async def test_a_silent_server_is_given_up(a_notification: Make) -> None:
    async with running(Sink(replies={"MAIL": "silence"})) as sink:
        with pytest.raises(DeliveryFailed) as caught:
            await a_channel(sink, timeout_s=0.2).send(a_notification(), TO)
    assert caught.value.retryable


async def test_no_server_is_worth_a_repeat(a_notification: Make) -> None:
    with pytest.raises(DeliveryFailed) as caught:
        await a_channel(Sink(port=1)).send(a_notification(), TO)
    assert caught.value.retryable


@pytest.mark.parametrize(
    "recipient",
    [
        "mailto:",
        "mailto:ops",
        "mailto:a@example.com,b@example.com",
        "mailto:ops@example.com?bcc=all@example.com",
        "mailto:Ops <ops@example.com>",
        "mailto:ops@example.com\r\nRCPT TO:<all@example.com>",
        "smtp:ops@example.com",
    ],
)
async def test_what_is_not_one_address_is_refused(a_notification: Make, recipient: str) -> None:
    with pytest.raises(RecipientInvalid):
        await a_channel(Sink(port=1)).send(a_notification(), recipient)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"host": ""}, "no host"),
        ({"sender": "Gridcase"}, "not an e-mail address"),
        ({"username": "me"}, "both"),
        ({"username": "me", "password": "pw", "security": "none"}, "in clear"),
        ({"security": "ssl"}, "unknown SMTP security"),
    ],
)
def test_a_server_that_cannot_be_meant_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        SmtpServer(**{"host": "localhost", "sender": "a@example.com", **changes})


def test_the_password_is_in_no_text_of_the_server() -> None:
    server = SmtpServer(host="h", sender="a@example.com", username="me", password="very-secret")
    assert "very-secret" not in repr(server)
