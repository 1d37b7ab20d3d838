"""Hostile words in every question and every form: never an answer of 5xx, and nothing changed that the form does not ask for.

Every page of the desk, of the site and of the choosers is asked with numbers that are none, days that are none, NUL, lookups of
the database, ten thousand letters, other scripts and bidi marks, under every name that it knows and under names that it must not.
Every form is sent with the same, with the numbers of other people's records, and with fields that nobody offered.
"""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.apps import apps
from django.db import transaction
from django.test import Client

from fellowships.models import Cycle, Fellow, Host, Placement, Project
from mou.models import Agreement
from partnerships.models import Hackathon, Output, Programme
from tests.house import ORDER
from tests.test_access_table import DESK, PUBLIC
from tests.test_access_table import world as table  # noqa: F401
from tests.test_foreign_crawl import second_programme

pytestmark = pytest.mark.usefixtures("quiet")

VALUES = (
    "", "0", "-1", "1000000000", "99999999999999999999999999", "1e30", "1.5", "NaN", "inf", "null", "None", "true", "[]", "{}",
    "2026-02-30", "0000-00-00", "99999-01-01", "2026-11-22T25:61", "a\x00b", "%00", "' OR 1=1 --", "\\", "%", "_", "x" * 10_000,
    "😀" * 50, "اللغة العربية", "中文", "\u202eevil\u202c", "\ufeff", "\ud7ff", "<script>alert(1)</script>", "{{ 7*7 }}",
    "../../etc/passwd", "__class__", "-__class__", "pk__in", "-pk", "?",
)  # fmt: skip
# Names that no page knows, or knows from elsewhere: a name that reaches a query of the database would answer otherwise.
NAMES = (
    "page", "sort", "format", "words", "q", "ordering", "pk", "id", "pk__in", "id__gt", "person__user__password__startswith",
    "programme__organisation__name", "state__in", "_connector", "_negated", "*args", "self", "request", "site", "p",
    "locale", "lang",
)  # fmt: skip
ADDED = {
    "id": "1", "pk": "1", "ref": "HACKED", "organisation": "1", "programme": "1", "person": "1", "user": "1", "by": "1",
    "role": "coordinator", "state": "in_force", "status": "in_force", "is_superuser": "on", "is_staff": "on", "is_active": "on",
    "published_at": "2026-01-01", "published_by": "1", "sensitive": "on", "until": "2099-01-01", "owner": "1", "agreement": "1",
    "signatory": "1", "email_verified": "on",
}  # fmt: skip
TALE = ("created", "changed", "at", "hash", "salts", "since", "last_login", "id")  # no two runs have the same


@pytest.fixture
def world(table: SimpleNamespace) -> SimpleNamespace:  # noqa: F811
    second_programme(table)
    return table


def pages(c: SimpleNamespace) -> Iterator[tuple[str, str]]:
    """(who, address) of each page that answers 200, once, as the first of the table who is shown it."""
    for rows in DESK.values():
        for address, _data, row in rows.values():
            for names, answers in row.items():
                if "GET 200" in answers:
                    yield names.split()[0], address.format(**c.refs)
                    break
    for address, _data, _row in PUBLIC.values():
        yield "nobody", address.format(**c.refs)
    for address in ("/cms/", "/cms/pages/", "/cms/images/", "/cms/documents/", "/cms/reports/locked/", "/cms/pages/search/"):
        yield "rooth", address


def browser(c: SimpleNamespace, name: str) -> Client:
    client = Client(raise_request_exception=False)
    if name != "nobody":
        client.force_login(getattr(c, name))
    return client


def known_names(text: str) -> set[str]:
    """What the forms and the links of a page ask by."""
    return set(re.findall(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"', text)) | set(re.findall(r"[?&;](\w+)=", text))


@pytest.mark.slow
def test_no_question_breaks_a_page(world):
    broken, asked = [], 0
    for name, address in pages(world):
        client = browser(world, name)
        known = known_names(client.get(address).content.decode("utf-8", "replace")) - {"csrfmiddlewaretoken"}
        questions = [dict.fromkeys(sorted(known | set(NAMES)), value) for value in VALUES]
        questions += [{one: value} for one in sorted(known) for value in ("\x00", "9" * 26)]
        questions += [{one: ["1", "\x00", "x"]} for one in sorted(known)[:6]]
        for question in questions:
            asked += 1
            status = client.get(address, question).status_code
            if status >= 500:
                broken.append(f"{name} {address} {str(question)[:120]}: {status}")
    assert broken == []
    assert asked > 3000


@pytest.mark.parametrize("files", ["images", "documents"])
def test_a_search_of_files_that_also_asks_for_their_uses_goes_on_without_them(client, cast, files):
    client.force_login(cast.rooth)
    asked = {"q": "map", "usage_count_min": "1", "usage_count_max": "3", "layout": "list"}
    answer = client.get(f"/cms/{files}/", asked, follow=True)
    assert answer.redirect_chain == [(f"/cms/{files}/?q=map&layout=list", 302)]
    assert "A search cannot also ask how often a file is used." in answer.content.decode()
    assert client.get(f"/cms/{files}/", {"usage_count_min": "1"}).status_code == 200


@pytest.mark.parametrize("number", ["9" * 26, f"-{'9' * 26}", "1_0" * 12, "٣" * 26])
def test_a_number_that_no_key_can_be_is_nothing_in_wagtails_lists(client, cast, number):
    client.force_login(cast.rooth)
    for name in ("site", "owner", "edited_by", "p"):
        assert client.get("/cms/pages/", {name: number}).status_code == 404
    assert client.get("/cms/pages/", {"site": "1", "q": "words"}, follow=True).status_code == 200
    assert client.get("/cms/pages/", {"site": "9" * 5000}, follow=True).status_code == 200


# ------------------------------------------------------------------------------------------------- forms


def forms(c: SimpleNamespace) -> Iterator[tuple[str, str, dict[str, str]]]:
    """(who, address, what a POST carries) of each form of the desk, as the first of the table who may send it."""
    for rows in DESK.values():
        for address, data, row in rows.values():
            for names, answers in row.items():
                if re.search(r"POST (302|422)", answers):
                    yield names.split()[0], address.format(**c.refs), data
                    break


def fields(text: str) -> dict[str, tuple[str, str]]:
    """{name: (kind, what stands in it)} of the forms of the main part that change something."""
    found = {}
    for field in BeautifulSoup(text, "html.parser").select("main form[method=post] [name]"):
        if field["name"] != "csrfmiddlewaretoken":
            found[str(field["name"])] = (_kind(field), _value(field))
    return found


def _kind(field: Tag) -> str:
    return "select" if field.name == "select" else str(field.get("type", "text")) if field.name == "input" else field.name


def _value(field: Tag) -> str:
    if field.name == "select":
        chosen = field.select_one("option[selected]") or field.select_one("option[value]:not([value=''])")
        return str(chosen["value"]) if chosen else ""
    return field.get_text() if field.name == "textarea" else str(field.get("value", ""))


# References, hashes, moments and passwords that are drawn anew each time.
DRAWN = re.compile(
    r"\b[2-9A-HJ-NP-Z]{10,14}\b|[0-9a-f]{64}|\d{4}-\d\d-\d\d[ T][\d:.+]+|datetime\.datetime\(.*?tzinfo=[\w.]+\)|![A-Za-z0-9]{40}"
)


def stored() -> dict[str, list[Any]]:
    """Every row of ours, without what no two runs have the same."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label in ORDER and not model._meta.proxy:
            names = [field.attname for field in model._meta.local_concrete_fields if field.name not in TALE]
            found[model._meta.label] = sorted(DRAWN.sub("", str(row)) for row in model._base_manager.values_list(*names))
    return found


def after(client: Client, url: str, data: dict[str, Any]) -> tuple[int, dict[str, list[Any]]]:
    """The status of a POST and what is stored then; it is taken back."""
    before = transaction.savepoint()
    try:
        return client.post(url, data).status_code, stored()
    finally:
        transaction.savepoint_rollback(before)


@pytest.mark.slow
def test_no_word_breaks_a_form(world):
    broken, sent = [], 0
    for name, url, data in forms(world):
        client = browser(world, name)
        answer = client.get(url)
        there = fields(answer.content.decode()) if answer.status_code == 200 else {}
        for value in VALUES:
            before = transaction.savepoint()
            sent += 1
            status = client.post(url, data | dict.fromkeys(there, value)).status_code
            transaction.savepoint_rollback(before)
            if status >= 500:
                broken.append(f"{name} {url} {value[:40]!r}: {status}")
    assert broken == []
    assert sent > 1000


@pytest.mark.slow
def test_a_field_that_nobody_offered_changes_nothing(world):
    """What a form does with what it offers, and what it does when organisation, role, state and users are added, is the same."""
    wrong, done = [], 0
    for name, url, data in forms(world):
        client = browser(world, name)
        answer = client.get(url)
        there = fields(answer.content.decode()) if answer.status_code == 200 else {}
        offered = data | {one: value or "A word" for one, (kind, value) in there.items() if kind != "file"}
        added = {one: value for one, value in ADDED.items() if one not in offered}
        plain, more = (after(browser(world, name), url, sent) for sent in (offered, added | offered))
        done += plain[0] == 302
        if plain != more:
            differ = [label for label in plain[1] if plain[1][label] != more[1][label]]
            wrong.append(f"{name} {url}: {plain[0]} and {more[0]}, {differ}")
    assert wrong == []
    assert done > 15  # forms that went through, and so would have taken it


FOREIGN = (Programme, Cycle, Host, Fellow, Placement, Project, Agreement, Hackathon, Output)


@pytest.mark.slow
def test_a_choice_of_somebody_elses_record_is_none(world):
    """In every select, radio button and hidden field, the references and keys of the other programme's records."""
    far = [word for model in FOREIGN for row in model.objects.all() if foreign(world, row) for word in (row.ref, str(row.pk))]
    assert len(far) > 15
    wrong, tried = [], 0
    for name, url, data in forms(world):
        client = browser(world, name)
        answer = client.get(url)
        there = fields(answer.content.decode()) if answer.status_code == 200 else {}
        offered = data | {one: value for one, (kind, value) in there.items() if kind != "file"}
        for one, (kind, _value) in there.items():
            if kind not in ("select", "radio", "hidden") or one in ("turn", "shown"):
                continue
            choices = set(re.findall(r'value="([^"]*)"', answer.content.decode()))
            for word in [word for word in far if word not in choices][:10]:
                tried += 1
                before = transaction.savepoint()
                status = client.post(url, offered | {one: word}).status_code
                transaction.savepoint_rollback(before)
                if status not in (200, 400, 403, 404, 422):
                    wrong.append(f"{name} {url} {one}={word}: {status}")
    assert wrong == []
    assert tried > 100


def foreign(c: SimpleNamespace, row: Any) -> bool:
    """Of the programme that came last."""
    ways = ("programme_id", "cycle.programme_id", "hackathon.programme_id", "host.cycle.programme_id")
    if isinstance(row, Programme):
        return row.pk == c.far.pk
    for way in ways:
        here = row
        for part in way.split("."):
            here = getattr(here, part, None)
        if here is not None:
            return here == c.far.pk
    return False
