"""The console: pages for people, read-only, made on the server. They run no script and need nothing from another host."""

from api.console.pages import router

__all__ = ["router"]
