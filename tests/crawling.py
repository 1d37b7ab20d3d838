"""Follows every link, submits every GET form and reads every file, as somebody: {address: what stood there}."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from django.test import Client
from pypdf import PdfReader
from pypdf.errors import PdfReadError

HOST = "127.0.0.1:8000"
FOLLOWED = re.compile(
    r"""(?<![a-z-])(?:href|src|action|data-chooser-url)=["']([^"']+)["']"""
    r"""|<loc>([^<]+)</loc>|"address": "([^"]+)"|^Sitemap: (\S+)$""",
    re.M,
)
GET_FORM = re.compile(r"<form\b(?![^>]*method=[\"']post)[^>]*>.*?</form>", re.S | re.I)
MOST = 600  # addresses: a site that makes ever more of them ends the crawl, and the test

Found = dict[str, tuple[int, str]]
Follow = Callable[[str, str], bool]  # (path, query) -> whether to go there


def anywhere(path: str, query: str) -> bool:
    return True


def crawl(client: Client, start: Iterable[str], follow: Follow = anywhere, most: int = MOST, words: Iterable[str] = ()) -> Found:
    """All that can be reached from `start` on this host where `follow` says yes: {address: (status, text)}.

    words: what is typed into every text field of every GET form, each in turn; each choice of a select is taken once.
    """
    found: Found = {}
    waiting = list(start)
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        assert len(found) < most, f"more than {most} addresses, such as {address}: what lies behind them was not read"
        answer = client.get(address)
        kind = answer.get("Content-Type", "")
        text = said(answer)
        found[address] = (answer.status_code, text)
        if kind.startswith(("image/", "font/", "application/pdf", "application/zip")):
            continue
        if answer.status_code in (301, 302):
            text = f'href="{answer["Location"]}"'
        next_ones = [next(filter(None, match.groups())) for match in FOLLOWED.finditer(text)]
        next_ones += [asked for form in GET_FORM.findall(text) for asked in asked_by(form, words)]
        for each in next_ones:
            parts = urlsplit(urljoin(f"http://{HOST}{address}", each))
            if parts.netloc == HOST and follow(parts.path, parts.query):
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


def said(answer: Any) -> str:
    """All that an answer tells: its text, its headers that name things, what is in a PDF or a ZIP, and what is about it."""
    content = b"".join(answer) if answer.streaming else answer.content
    heads = "\n".join(answer.get(name, "") for name in ("Content-Disposition", "Location", "Link", "ETag"))
    return "\n".join([unescape(content.decode("utf-8-sig", "replace")), heads, *inside(content)])


def inside(content: bytes) -> list[str]:
    """The text and the metadata of a PDF; the names and the contents of a ZIP; nothing of anything else."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as kept:
            return [text for name in kept.namelist() for text in (name, kept.read(name).decode("utf-8", "replace"))]
    if not content.startswith(b"%PDF"):
        return []
    try:
        pdf = PdfReader(io.BytesIO(content))
        return [page.extract_text() for page in pdf.pages] + [
            str(pdf.metadata),
            str(pdf.xmp_metadata and pdf.xmp_metadata.stream),
        ]
    except (PdfReadError, ValueError):
        return []  # a stub of a test, which was read as it stands


def asked_by(form: str, words: Iterable[str]) -> list[str]:
    """The addresses that a GET form leads to: with each word in each text field, and with each choice, one thing at a time."""
    tag = BeautifulSoup(form, "html.parser").form
    assert tag is not None
    action = str(tag.get("action") or "")
    path, _, query = action.partition("?")
    fixed = [*parse_qsl(query), *_hidden(tag)]
    given = [(str(each["name"]), word) for each in tag.select("input[name]") if _typed(each) for word in words]
    for select in tag.select("select[name]"):
        given += [(str(select["name"]), str(each["value"])) for each in select.select("option[value]") if each["value"]]
    given += [(str(each["name"]), str(each.get("value", "on"))) for each in tag.select("input[name]") if _ticked(each)]
    return [f"{path}?{urlencode([*fixed, one])}" for one in given]


def _typed(field: Tag) -> bool:
    return field.get("type", "text") in ("text", "search")


def _ticked(field: Tag) -> bool:
    return field.get("type") in ("checkbox", "radio")


def _hidden(form: Tag) -> list[tuple[str, str]]:
    return [(str(each["name"]), str(each.get("value", ""))) for each in form.select('input[type="hidden"][name]')]
