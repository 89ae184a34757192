"""Crossref and PubMed as a server on 127.0.0.1: replies in the shape of theirs, written for the tests."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Json = dict[str, Any]


def update(doi: str, kind: str = "retraction", source: str = "publisher", day: tuple[int, ...] = (2020, 5, 1)) -> Json:
    """An entry of `update-to` or `updated-by`."""
    stamp = {"date-parts": [list(day)], "date-time": "2020-05-01T00:00:00Z", "timestamp": 1588291200000}
    label = kind.replace("_", " ").capitalize()
    return {"updated": stamp, "DOI": doi, "type": kind, "source": source, "label": label, "record-id": "1"}


def work(doi: str, **fields: list[Json]) -> Json:
    """A record of Crossref."""
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    return {"DOI": doi, "type": "journal-article", "title": ["A trial"], "prefix": "10.1000", **named}


def summary(pmid: str, *references: tuple[str, str, int], types: tuple[str, ...] = ("Journal Article",)) -> Json:
    """A record of PubMed; each reference is its type, its place and the PMID of the notice."""
    listed = [{"refsource": place, "reftype": kind, "pmid": notice, "note": ""} for kind, place, notice in references]
    return {"uid": pmid, "title": "A trial.", "pubtype": list(types), "references": listed}


@dataclass
class Registry:
    """Records by DOI and PMID. `instead`: for a DOI, the statuses or raw texts of its next replies; None hangs."""

    works: Mapping[str, Json] = field(default_factory=dict)
    notices: tuple[Json, ...] = ()
    agencies: Mapping[str, str] = field(default_factory=dict)
    summaries: Mapping[str, Json] = field(default_factory=dict)
    instead: dict[str, list[int | str | None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    url: str = ""
    over: threading.Event = field(default_factory=threading.Event)

    def reply(self, path: str, query: Mapping[str, list[str]]) -> tuple[int, str] | None:
        """Status and text; None for a reply that never comes."""
        parts = [unquote(part) for part in path.strip("/").split("/")]
        about = query["id"][0] if "id" in query else (*parts, "")[1] or query["filter"][0].removeprefix("updates:")
        waiting = self.instead.get(about)
        if waiting:
            said = waiting.pop(0)
            return None if said is None else ((200, said) if isinstance(said, str) else (said, "{}"))
        if parts[0] == "esummary.fcgi":
            unknown = {"error": "cannot get document summary"}
            asked = about.split(",")
            found = {pmid: self.summaries.get(pmid, {"uid": pmid, **unknown}) for pmid in asked}
            return 200, json.dumps({"header": {"version": "0.3"}, "result": {"uids": asked, **found}})
        if parts[-1] == "agency":
            known = {"message": {"DOI": about, "agency": {"id": self.agencies.get(about)}}}
            return (200, json.dumps(known)) if about in self.agencies else (404, "Resource not found.")
        if len(parts) > 1:
            found = self.works.get(about, {})
            return (200, json.dumps({"status": "ok", "message": found})) if found else (404, "Resource not found.")
        items = [one for one in self.notices if any(entry["DOI"] == about for entry in one["update-to"])]
        return 200, json.dumps({"status": "ok", "message": {"total-results": len(items), "items": items}})


@contextmanager
def serve(registry: Registry) -> Iterator[Registry]:
    """The registry at `registry.url`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            registry.asked.append(self.path)
            registry.agents.add(self.headers["User-Agent"])
            said = registry.reply(parts.path, parse_qs(parts.query))
            if said is None:
                registry.over.wait()
                return
            status, text = said
            self.send_response(status)
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    registry.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield registry
    finally:
        registry.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
