"""A collector of traces on this computer: takes OTLP over HTTP, and keeps what it understood."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

SOON = 30.0


class Collector:
    """Serves as long as it is open. `status` is what it answers with."""

    def __init__(self) -> None:
        self.requests: list[ExportTraceServiceRequest] = []
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.status = 200
        self._came = threading.Condition()
        collector = self

        class Take(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.take(self.path, body, dict(self.headers))
                self.send_response(collector.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nobody reads along."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1/traces"

    def take(self, path: str, body: bytes, headers: dict[str, str]) -> None:
        assert path == "/v1/traces"
        with self._came:
            self.requests.append(ExportTraceServiceRequest.FromString(body))
            self.bodies.append(body)
            self.headers.append(headers)
            self._came.notify_all()

    def spans(self) -> list[Any]:
        return [
            span
            for request in self.requests
            for of_resource in request.resource_spans
            for of_scope in of_resource.scope_spans
            for span in of_scope.spans
        ]

    def resources(self) -> list[dict[str, str]]:
        return [attributes(one.resource) for request in self.requests for one in request.resource_spans]

    def waits(self, condition: Callable[[], object]) -> None:
        with self._came:
            assert self._came.wait_for(condition, SOON), [span.name for span in self.spans()]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def attributes(held: Any) -> dict[str, Any]:
    """What a span or a resource says of itself."""
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in held.attributes}
