"""One try at an address that belongs to an attacker: nothing is asked that must not be, and nothing holds us up."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from aiohttp import web
from standardwebhooks.webhooks import Webhook as Verifier

from services.partners.domain.webhook import Try, Webhook
from services.partners.sender import LookUp, Sender
from tests.integration.partners.receiver import receiving, status
from tests.serving import free_address

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, BODY = UUID(int=9), b'{"id": "9"}'
PUBLIC = "93.184.216.34"
INSIDE = Try(0, "it leads to a network that is not public")


def hook(url: str) -> Webhook:
    return Webhook(UUID(int=7), "dasan", url, (), SECRET, datetime.now(UTC))


async def tried(sender: Sender, url: str) -> Try:
    return await sender.send(hook(url), ID, BODY, datetime.now(UTC))


def names(*answers: list[str]) -> tuple[LookUp, list[str]]:
    """A look-up that answers one list after the other, the last for ever; and whom it was asked for."""
    asked: list[str] = []

    async def look_up(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    return look_up, asked


class Unplugged(Sender):
    """Notes what it would connect to, and connects to nothing."""

    def __init__(self, look_up: LookUp, *, private: bool = False) -> None:
        super().__init__(private=private, look_up=look_up)
        self.connected: list[str] = []

    def _socket(self, address: Any) -> socket.socket:
        super()._socket(address).close()
        self.connected.append(address[4][0])
        raise ConnectionRefusedError("there is no network here")


async def test_a_signed_event_is_posted_to_a_name_and_its_port() -> None:
    look_up, asked = names(["127.0.0.1"])
    async with receiving() as receiver:
        assert await tried(Sender(private=True, look_up=look_up), receiver.url.replace("127.0.0.1", "dasan.example")) == Try(204, "")
        ((headers, body),) = receiver.heard
    assert asked == ["dasan.example"]
    assert Verifier(SECRET).verify(body, headers) == {"id": "9"}
    assert headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert (headers["host"].partition(":")[0], headers["connection"]) == ("dasan.example", "close")
    assert not {"cookie", "authorization", "traceparent"} & headers.keys()


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_a_redirect_is_a_failed_try_and_nobody_goes_there(code: int) -> None:
    async with receiving() as elsewhere, receiving(status(code, Location=elsewhere.url)) as receiver:
        assert await tried(Sender(private=True), receiver.url) == Try(code, f"it answered {code}")
        assert (len(receiver.heard), elsewhere.heard) == (1, [])


@pytest.mark.parametrize("code", [200, 201, 202, 204, 299, 400, 404, 410, 429, 500, 503])
async def test_two_hundreds_alone_are_an_arrival(code: int) -> None:
    async with receiving(status(code)) as receiver:
        assert await tried(Sender(private=True), receiver.url) == Try(code, "" if code < 300 else f"it answered {code}")


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["10.0.0.1"], ["::1"], ["fe80::1%lo"], [PUBLIC, "192.168.0.1"], ["169.254.169.254", PUBLIC]]
)
async def test_a_name_that_leads_inside_by_any_of_its_addresses_is_not_asked_by_any(addresses: list[str]) -> None:
    sender = Unplugged(names(addresses)[0])
    assert await tried(sender, "https://dasan.example/") == INSIDE
    assert sender.connected == []


async def test_what_was_checked_is_what_is_connected_to_whatever_the_name_says_a_moment_later() -> None:
    look_up, asked = names([PUBLIC], ["127.0.0.1"])
    sender = Unplugged(look_up)
    assert (await tried(sender, "https://dasan.example/")).error.startswith("it cannot be reached")
    assert (sender.connected, asked) == ([PUBLIC], ["dasan.example"])
    assert await tried(sender, "https://dasan.example/") == INSIDE
    assert (sender.connected, len(asked)) == ([PUBLIC], 2)


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/", "http://93.184.216.34/", "https://[::1]/", "https://2130706433/", "https://127.1/", "https://u@x.example/"],
)
async def test_a_url_is_checked_again_at_every_try_and_a_number_is_not_looked_up(url: str) -> None:
    look_up, asked = names([PUBLIC])
    sender = Unplugged(look_up)
    tries = await tried(sender, url)
    assert (tries.status_code, bool(tries.error)) == (0, True)
    assert (sender.connected, asked) == ([], [])


async def test_no_socket_is_made_for_an_address_inside_however_it_got_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.partners.sender.checked_url", lambda url, **_: url)
    async with receiving() as receiver:
        assert await tried(Sender(private=False), receiver.url) == INSIDE
        assert receiver.heard == []


async def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as proxy, receiving() as receiver:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        assert await tried(Sender(private=True), receiver.url) == Try(204, "")
        assert proxy.heard == []


async def test_a_name_that_is_none_nobody_who_listens_and_no_tls_are_failed_tries() -> None:
    async def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    assert (
        await tried(Sender(private=True, look_up=unknown), "http://dasan.example/")
    ).error == "it cannot be reached: ClientConnectorDNSError"
    assert (await tried(Sender(private=True), f"http://{free_address()}/")).error == "it cannot be reached: ClientConnectorError"
    async with receiving() as receiver:
        assert (await tried(Sender(private=True), receiver.url.replace("http", "https"))).error.startswith("it cannot be reached: Client")
        assert receiver.heard == []


Talk = Callable[[asyncio.StreamWriter], Awaitable[object]]


@asynccontextmanager
async def talking(talk: Talk) -> AsyncIterator[str]:
    """A server that reads a request's head and then says what it wants; answers its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            await talk(writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()


async def silence(_writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(5)


async def drip(writer: asyncio.StreamWriter) -> None:
    for byte in b"HTTP/1.1 200 OK\r\n" + b"x-slow: 1\r\n" * 100:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("talk", [silence, drip])
async def test_an_answer_that_does_not_come_in_time_is_a_failed_try(talk: Talk) -> None:
    async with talking(talk) as url:
        began = asyncio.get_running_loop().time()
        assert await tried(Sender(private=True, timeout_s=0.5), url) == Try(0, "there was no answer in 0.5 s")
        assert asyncio.get_running_loop().time() - began < 3


async def test_a_server_of_names_that_does_not_answer_holds_nobody_up() -> None:
    async def silent(host: str, port: int) -> list[str]:
        await asyncio.sleep(60)
        return [PUBLIC]

    assert await tried(Sender(private=False, look_up=silent, timeout_s=0.3), "https://dasan.example/") == Try(
        0, "there was no answer in 0.3 s"
    )


@pytest.mark.parametrize(
    "head",
    [b"HELLO\r\n\r\n", b"HTTP/1.1 200 OK\r\nx: " + b"x" * 100_000 + b"\r\n\r\n", b"", b"HTTP/1.1 999999 OK\r\n\r\n", b"\x00\xff\r\n\r\n"],
)
async def test_an_answer_that_is_none_is_a_failed_try(head: bytes) -> None:
    async def talk(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        await writer.drain()

    async with talking(talk) as url:
        assert (await tried(Sender(private=True), url)).error.startswith("it cannot be reached: ")


async def test_the_body_of_an_answer_is_left_where_it_is() -> None:
    sent = 0

    async def talk(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 1000000000\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()
            sent += 65_536

    async with talking(talk) as url:
        assert await tried(Sender(private=True), url) == Try(200, "")
        await asyncio.sleep(0.2)
    assert sent < 16 << 20  # what the sockets' buffers hold; not a billion


async def test_what_is_wrong_with_the_client_itself_is_a_failed_try_too() -> None:
    async def broken(host: str, port: int) -> list[str]:
        raise LookupError("nobody foresaw this")

    assert (await tried(Sender(private=True, look_up=broken), "http://dasan.example/")).error == "it could not be asked: LookupError"


async def test_cookies_of_one_try_are_not_sent_with_the_next() -> None:
    async def answer(_request: web.Request) -> web.Response:
        response = web.Response(status=200)
        response.set_cookie("who", "me")
        return response

    async with receiving(answer) as receiver:
        sender = Sender(private=True)
        assert [(await tried(sender, receiver.url)).status_code for _ in range(2)] == [200, 200]
        assert not [headers for headers, _ in receiver.heard if "cookie" in headers]
