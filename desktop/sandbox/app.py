"""The ASGI application: control routes, pages, and one catch-all route per host family."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.responses import Response

from desktop.sandbox.account_control import account_router
from desktop.sandbox.control import control_router
from desktop.sandbox.dialog import dialog_router
from desktop.sandbox.graph import answer
from desktop.sandbox.model import Network
from desktop.sandbox.people_control import people_router
from desktop.sandbox.rupload import answer_upload
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.views import view_router
from desktop.sandbox.webhooks import webhook_router


def create_app(box: Sandbox) -> FastAPI:
    """Serve ``box``. Graph paths are nodes and edges of any name, so each family is one route with its own dispatch."""
    app = FastAPI(title="Tidings sandbox", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(control_router(box))
    app.include_router(account_router(box))
    app.include_router(people_router(box))
    app.include_router(dialog_router(box))
    app.include_router(view_router(box))
    app.include_router(webhook_router(box))

    @app.post("/rupload/{path:path}")
    async def upload(path: str, request: Request) -> Response:
        return await answer_upload(box, request, path)

    @app.api_route("/{family}/{path:path}", methods=["GET", "POST", "DELETE"])
    async def graph(family: Network, path: str, request: Request) -> Response:
        return await answer(box, request, family, path)

    return app
