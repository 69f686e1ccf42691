"""Following the pages of one object; what can't be followed to the end is refused."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from clients.shopify.admin import AdminApi
from clients.shopify.errors import ShopifyIncomplete

Node_co = TypeVar("Node_co", covariant=True)
_Found = TypeVar("_Found")
_Node = TypeVar("_Node")


class PageInfo(Protocol):
    @property
    def has_next_page(self) -> bool: ...

    @property
    def end_cursor(self) -> str | None: ...


class Page(Protocol[Node_co]):
    @property
    def page_info(self) -> PageInfo: ...

    @property
    def nodes(self) -> Sequence[Node_co]: ...


@dataclass(frozen=True)
class Reading:
    """What is being read, for its refusals."""

    admin: AdminApi
    operation: str
    owner: str

    async def all_of(
        self, first: Page[_Node], fetch: Callable[[str], Awaitable[Page[_Node]]]
    ) -> list[_Node]:
        """The nodes of a first page and of all that `fetch` finds after it."""
        page, nodes = first, list(first.nodes)
        while (after := self.next_page(page.page_info)) is not None:
            page = await fetch(after)
            nodes.extend(page.nodes)
        return nodes

    def refuse_if(self, truncated: Mapping[str, bool]) -> None:
        if too_many := [part for part, more in truncated.items() if more]:
            raise self.incomplete(f"has too many {' and '.join(too_many)}")

    def next_page(self, page: PageInfo) -> str | None:
        """The cursor of the next page, None at the end."""
        if not page.has_next_page:
            return None
        if page.end_cursor is None:
            raise self.incomplete("has a further page without a cursor")
        return page.end_cursor

    def still_there(self, found: _Found | None) -> _Found:
        if found is None:
            raise self.incomplete("was removed while its pages were read")
        return found

    def incomplete(self, problem: str) -> ShopifyIncomplete:
        return ShopifyIncomplete(
            f"{self.owner} {problem}", shop=self.admin.shop, operation=self.operation
        )
