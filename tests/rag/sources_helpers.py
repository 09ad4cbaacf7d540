"""A service on this machine that speaks what a test says, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Service:
    """`answer(path, query, headers)` gives (status, headers, body); `asked` are (path, query)."""

    def __init__(self, answer):
        self.asked = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                service.asked.append((parts.path, query))
                status, headers, body = answer(parts.path, query, dict(self.headers))
                with contextlib.suppress(OSError):  # whoever asked may have gone
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    if "content-length" not in headers:
                        self.send_header("content-length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def atom(papers, *, total):
    """A page of arXiv's Atom interface: papers are (number, day)."""
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{number}v1</id><published>{day}T09:00:00Z</published>"
        f"<updated>{day}T09:00:00Z</updated><title>Mills {number}</title>"
        f"<summary>We time mill {number}. It turns.</summary><author><name>Ann Roe</name></author>"
        '<category term="cs.CL"/></entry>'
        for number, day in papers
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        '<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"{total}</opensearch:totalResults>{entries}</feed>\n"
    ).encode()


def work(number):
    """A work as OpenAlex gives it, its abstract an index of words to places."""
    words = f"We time mill {number} in a dry summer .".split()
    return {
        "id": f"https://openalex.org/W{number}",
        "doi": f"https://doi.org/10.1234/w{number}",
        "display_name": f"Mills {number}",
        "publication_date": "2026-11-03",
        "authorships": [{"author": {"display_name": "Ann Roe"}}],
        "type": "article",
        "abstract_inverted_index": {word: [place] for place, word in enumerate(words)},
        "is_retracted": False,
    }


def hub_paper(number, day):
    """An item of the daily papers."""
    return {
        "paper": {
            "id": f"2611.{number:05}",
            "title": f"Mills {number}",
            "summary": f"We time mill {number}. It turns.",
            "authors": [{"name": "Ann Roe"}],
            "publishedAt": f"{day}T00:00:00.000Z",
            "upvotes": number,
        },
        "numComments": 2,
    }


def zotero_item(key, **changes):
    """An item of Zotero's interface, with what is in its data."""
    data = {
        "key": key,
        "itemType": "journalArticle",
        "title": f"Mills {key}",
        "abstractNote": f"We time mill {key}. It turns.",
        "creators": [{"creatorType": "author", "firstName": "Ann", "lastName": "Roe"}],
        "date": "2021-06-30",
        **changes,
    }
    return {"key": key, "version": 3, "library": {"type": "user", "id": 1}, "data": data}
