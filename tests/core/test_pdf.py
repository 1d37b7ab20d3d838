"""The child process that makes PDFs fetches nothing and is ended when it takes too much."""

import io
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from pypdf import PdfReader

from core import pdf
from core.pdf import PdfError

pytestmark = pytest.mark.slow

MADE = "2027-03-01T12:00:00Z"
PAGE = '<!doctype html><html lang="en"><head><title>T</title>{head}</head><body>{body}</body></html>'


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and every path that somebody asked it for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/css")
            self.end_headers()
            self.wfile.write(b"body { color: red }")

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_the_same_text_and_moment_give_the_same_bytes_and_the_moment_stands_in_it():
    html = PAGE.format(head="", body="<h1>Agreement</h1><p>Both parties.</p>")
    one, two = pdf.make(html, made=MADE), pdf.make(html, made=MADE)
    assert one == two
    read = PdfReader(io.BytesIO(one))
    assert "Both parties." in read.pages[0].extract_text()
    assert read.metadata is not None and read.metadata.creation_date_raw.startswith("D:20270301120000")
    root: Any = read.trailer["/Root"]
    assert re.search(rb"pdfaid:part\W+3", root["/Metadata"].get_data()) and "/StructTreeRoot" in root


def test_a_hostile_text_reaches_neither_the_network_nor_the_disk(listener, tmp_path):
    address, asked = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("the operator's secret")
    urls = [f"{address}/x", f"file://{secret}", str(secret), "data:text/css,p{content:url(" + address + "/data)}"]
    head = "".join(
        f'<link rel="attachment" href="{url}"><link rel="stylesheet" href="{url}"><style>@import url("{url}");'
        f'@font-face {{ font-family: F; src: url("{url}") }}'
        f'p {{ font-family: F; background: url("{url}"); content: url("{url}") }}</style>'
        for url in urls
    )
    body = "".join(
        f'<p>Text</p><img src="{url}"><object data="{url}"></object><embed src="{url}"><iframe src="{url}"></iframe>'
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{url}"/>'
        f'<use href="{url}#a"/></svg><a rel="attachment" href="{url}">a</a>'
        for url in urls
    )
    made = pdf.make(PAGE.format(head=head, body=body), made=MADE)
    assert asked == []
    read = PdfReader(io.BytesIO(made))
    assert dict(read.attachments) == {}
    assert "the operator's secret" not in "".join(page.extract_text() for page in read.pages)
    assert b"the operator's secret" not in made


def test_our_own_style_sheet_and_fonts_are_found(listener):
    html = PAGE.format(head='<link rel="stylesheet" href="cg:pdf.css">', body="<p>Text</p>")
    fonts = {
        str(font["/BaseFont"])
        for font in PdfReader(io.BytesIO(pdf.make(html, made=MADE))).pages[0]["/Resources"]["/Font"].values()
    }
    assert fonts != set() and not any("DejaVu" in font or "Times" in font for font in fonts)


def test_a_heading_stands_on_the_page_of_its_table():
    """However far down the page it comes: in 20 chapters, each begun on a page of its own, it is 26 to 45 lines down."""
    rows = "<tr><th>First row</th><td>x</td></tr>" + "<tr><th>Row</th><td>x</td></tr>" * 9
    table = f"<table><caption>All of them</caption><thead><tr><th>Duty</th><th>Due</th></tr></thead><tbody>{rows}</tbody></table>"
    chapters = "".join(
        f'<div class="chapter">{"<p>Line</p>" * count}<section><h2>Heading</h2><div>{table}</div></section></div>'
        for count in range(26, 46)
    )
    head = '<link rel="stylesheet" href="cg:pdf.css"><style>.chapter { break-before: page }</style>'
    read = PdfReader(io.BytesIO(pdf.make(PAGE.format(head=head, body=chapters), made=MADE)))
    said = [page.extract_text() for page in read.pages]
    with_heading = [page for page in said if "Heading" in page]
    assert len(with_heading) == 20 and [page for page in with_heading if "First row" not in page] == []
    assert any("Heading" not in page for page in said)  # some headings had to move to the next page


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    ["<div style='display:flex'>" * 14 + "x" + "</div>" * 14, "<div>" * 3000 + "x", "<table>" + "<tr><td>x<td>y" * 60_000],
    ids=["nested flex", "nested boxes", "a table without end"],
)
def test_a_bomb_is_ended_within_its_limit(monkeypatch, body):
    monkeypatch.setattr(pdf, "SECONDS", 4)
    began = time.monotonic()
    with pytest.raises(PdfError, match=r"^The PDF (was not made|took longer)"):
        pdf.make(PAGE.format(head="", body=body), made=MADE)
    assert time.monotonic() - began < 10


def test_a_child_that_would_take_all_memory_is_ended(monkeypatch):
    monkeypatch.setattr(pdf, "MEGABYTES", 60)
    with pytest.raises(PdfError, match=r"^The PDF was not made"):
        pdf.make(PAGE.format(head="", body="x"), made=MADE)
