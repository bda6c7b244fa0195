"""A planned fault happens when it was planned, and a full window says how long to wait."""

import threading
import time

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from ingestion.sandbox.faults import FaultLayer, Faults, Planned, UnknownFault

ANSWER = {"results": list(range(40))}


async def _answer(request: object) -> JSONResponse:
    return JSONResponse(ANSWER)


def emulator() -> Starlette:
    return Starlette(routes=[Route("/contacts", _answer), Route("/deals", _answer)])


def client(faults: Faults, **options: object) -> httpx.AsyncClient:
    layer = FaultLayer(emulator(), faults, **options)
    app = Starlette(routes=[Mount("/vendor", layer)])
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://sandbox/vendor")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 502])
async def test_only_the_nth_request_of_a_path_fails(status: int) -> None:
    async with client(Faults(planned=(Planned(2, "/contacts", status=status),))) as vendor:
        order = ["/contacts", "/deals", "/contacts", "/contacts", "/deals"]
        answers = [await vendor.get(path) for path in order]

    assert [answer.status_code for answer in answers] == [200, 200, status, 200, 200]
    assert ("retry-after" in answers[2].headers) == (status == 429)
    assert answers[2].json()["error"]["status"] == status


@pytest.mark.anyio
async def test_the_vendor_says_it_in_its_own_words() -> None:
    def body(status: int, path: str) -> dict[str, str]:
        return {"status": "error", "message": f"{status} at {path}"}

    async with client(Faults(planned=(Planned(1, status=403),)), body=body) as vendor:
        refused = await vendor.get("/deals")

    assert refused.json() == {"status": "error", "message": "403 at /vendor/deals"}


@pytest.mark.anyio
async def test_a_full_window_is_refused_until_it_is_over() -> None:
    now = [100.0]
    faults = Faults(requests_per_window=3, window_seconds=10)
    async with client(faults, clock=lambda: now[0]) as vendor:
        first = [(await vendor.get("/deals")).status_code for _ in range(3)]
        now[0] += 2.5
        refused = await vendor.get("/deals")
        now[0] += float(refused.headers["retry-after"])
        after = await vendor.get("/deals")

    assert first == [200, 200, 200]
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "8"
    assert after.status_code == 200


@pytest.mark.anyio
async def test_json_is_cut_in_the_middle_or_replaced_by_a_page() -> None:
    planned = (Planned(1, kind="truncated"), Planned(2, kind="html"))
    async with client(Faults(planned=planned)) as vendor:
        truncated, page, whole = [await vendor.get("/contacts") for _ in range(3)]

    assert truncated.status_code == 200
    assert whole.text.startswith(truncated.text)
    assert 0 < len(truncated.text) < len(whole.text)
    assert page.headers["content-type"] == "text/html"
    assert whole.json() == ANSWER


@pytest.mark.anyio
async def test_a_hanging_answer_comes_after_its_time() -> None:
    async with client(Faults(planned=(Planned(1, kind="hang", seconds=0.15),))) as vendor:
        answer = await vendor.get("/contacts")

    assert answer.elapsed.total_seconds() >= 0.15
    assert answer.json() == ANSWER


def test_a_reset_cuts_the_connection_in_the_middle_of_the_answer() -> None:
    app = FaultLayer(emulator(), Faults(planned=(Planned(1, kind="reset"),)))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/deals"

    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(address)
    assert httpx.get(address).json() == ANSWER
    server.should_exit = True
    thread.join(timeout=5)


def test_a_fault_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownFault, match="plan one of status, hang, truncated, html, reset"):
        Planned(1, kind="explode")  # type: ignore[arg-type]


def test_faults_are_read_from_json() -> None:
    text = '{"requests_per_window": 5, "planned": [{"nth": 2, "path": "/deals", "status": 404}]}'

    assert Faults.from_json(text) == Faults(5, 10.0, (Planned(2, "/deals", "status", 404),))
