"""Pages of the portal as a browser takes them."""

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'&"
VOID = {"meta", "link", "input", "br", "img"}


class Page(HTMLParser):
    """Fields and forms of a page; checks on the way that tags are balanced."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.forms: list[str] = []
        self.controls: dict[str, dict[str, str | None]] = {}
        self.labels: set[str | None] = set()
        self.ids: list[str] = []
        self.scripts = 0
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.scripts += tag == "script" or any(name.startswith("on") for name in given)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "form":
            self.forms.append(str(given["action"]))
        if tag == "label":
            self.labels.add(given.get("for"))
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden":
            self.controls[str(given["id"])] = given
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(answer: httpx.Response, status: int = 200) -> Page:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page = Page(answer.text)
    assert page.scripts == 0
    assert len(page.ids) == len(set(page.ids))
    assert set(page.controls) <= page.labels
    for control in page.controls.values():
        for described in (control.get("aria-describedby") or "").split():
            assert described in page.ids
    return page


async def post_form(grid: "Grid", path: str, fields: dict[str, str]) -> httpx.Response:
    return await grid.http.post(path, data=fields)


async def follow(grid: "Grid", answer: httpx.Response) -> str:
    assert answer.status_code == 303, answer.text
    page = await grid.http.get(answer.headers["location"])
    parsed(page)
    return page.text
