"""Everybody follows every link they have, asks every form and reads every file: what is of others is in none of it.

A second programme is made of everything that a programme can have, and a marker is put into every text of every row of it. Who has
no part in it finds no marker and none of its numbers; and every page of theirs is, to the letter, what it was before it came.
"""

import re
from collections import defaultdict
from datetime import timedelta
from difflib import ndiff
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.test import Client

from core import actions as core
from core import files, importing, triggers
from core.access import HOUSE
from core.imports.targets import target_of
from core.models import Record
from fellowships import actions as fellowships
from fellowships import demo as fellowships_demo
from fellowships.models import Handover, Section
from mou import actions as mou
from mou import demo as mou_demo
from partnerships import actions as partnerships
from partnerships import demo as partnerships_demo
from partnerships.jobs import ask_follow_ups
from tests.conftest import PASSWORD, sign_in_for  # noqa: F401
from tests.crawling import Found, crawl
from tests.house import ORDER, routes
from tests.test_access_table import world  # noqa: F401

pytestmark = pytest.mark.slow

MARK = "Zqx"
PAINTED = re.compile(rf"{MARK}(\d+)q", re.I)
WORDS = (MARK, f"{MARK}1q")
GROWS = ("core_event", "mou_agreementversion", "mou_rendition", "mou_signature")
# What a marker would break, or what is no text that somebody wrote. Everything else is painted.
LEFT = {
    "accounts.User.password": "a hash",
    "core.Event.by": "a reference, which is looked for itself",
    "core.Event.subject": "likewise",
    "core.Event.verb": "one of ours",
    "core.Event.hash": "a hash",
    "core.Message.about": "a reference",
    "core.Message.to": "the address of the sign-in, which is painted",
    "core.Message.key": "never shown",
}


# ------------------------------------------------------------------------------------------------- what is foreign


def second_programme(c: SimpleNamespace) -> None:
    """Of everything one: nobody of the cast has a part in it."""
    for name in ("zeno", "zora", "zane", "zita", "zack", "zoe"):
        setattr(c, name, sign_in_for(name))
    facts = {"legal_basis": "Act", "address": "9 Far Street", "notice_email": "far@far.example"}
    c.far_ngo = partnerships.add_organisation(name="Far NGO", **facts, by=HOUSE)
    c.far_body = partnerships.add_organisation(name="Far body", **facts, by=HOUSE)
    c.far = partnerships.open_programme(name="Far", organisation=c.far_ngo, coordinator=c.zeno.person, by=HOUSE)
    for user, organisation, role in [
        (c.zora, c.far_body, "signatory"),
        (c.zita, c.far_ngo, "signatory"),
        (c.zack, c.far_body, "lead"),
    ]:
        partnerships.add_member(organisation=organisation, person=user.person, role=role, by=HOUSE)
    days = {"starts": c.starts, "ends": c.ends}
    by = {"by": c.zeno}
    scene = fellowships_demo.planned(c.far, c.far_body, c.zane.person, **days, **by, name="Far cycle")
    signed = fellowships_demo.agreement_in_force(scene.host, [c.zora, c.zita], **by)
    draft = mou_demo.agreement_draft(c.far, c.far_ngo, c.far_body, title="Far draft", **days, **by)
    out = mou_demo.send(mou_demo.agreement_draft(c.far, c.far_ngo, c.far_body, **days, **by), **by)
    mou.share_agreement(agreement=out, user=c.zoe, by=c.zeno)
    declined = mou_demo.send(mou_demo.agreement_draft(c.far, c.far_ngo, c.far_body, **days, **by), **by)
    mou.decline_agreement(agreement=declined, reason="Not so.", by=c.zora)
    mou.record_rendition(
        version=signed.version(), kind="copy", file=files.keep(b"%PDF-1.7 Zqx0q", "pdf"), sha256="2" * 64, size=8, by=HOUSE
    )
    reported = signed.duty_set.filter(state="open", obligation__debtor__organisation=c.far_body).first()
    mou.report_duty(duty=reported, evidence="Done.", by=c.zack)
    _work(c, scene, by)
    _event(c, by)
    brought = [importing.Brought("far-projects.csv", b"slug,title\na,Zqx0q\n")]
    imported = importing.begin(target_of("projects"), c.far.ref, brought, c.zeno)
    core.set_mapping(imported=imported, mapping=imported.mapping, origin="edited", shown=imported.turn, by=c.zeno)
    core.ask_check(imported=imported, by=c.zeno)
    importing.check_import(imported.ref, str(imported.turn))
    c.far_draft = draft


def _work(c: SimpleNamespace, scene: Any, by: dict[str, Any]) -> None:
    fellowships.start_placement(placement=scene.placement, **by)
    plan = Handover.objects.get(placement=scene.placement)
    fellowships.assign_handover(handover=plan, receivers={"product": c.zack.person}, **by)
    sections = {section.number: section for section in Section.objects.filter(handover=plan)}
    answers = {row["id"]: "Written down." for row in sections[2].questions}
    fellowships.edit_section(section=sections[2], answers=answers, shown=sections[2].sha256(), by=c.zane)
    fellowships.offer_section(section=sections[2], by=c.zane)
    left = fellowships.invite_fellow(cycle=scene.cycle, name="Zinvited", **by)
    fellowships.withdraw_fellow(fellow=left, left_on=c.today, reason="Another job.", **by)


def _event(c: SimpleNamespace, by: dict[str, Any]) -> None:
    ends = c.today - timedelta(days=40)
    event = partnerships_demo.hackathon_open(c.far, c.far_ngo, ends=ends, titles=["Far output"], title="Far days", **by)
    partnerships_demo.hackathon_closed(event, c.far_body, c.zack.person, **by)
    ask_follow_ups(c.today.isoformat())


# ------------------------------------------------------------------------------------------------- paint


def rows() -> dict[str, set[Any]]:
    """{model: the keys of its rows} of ours."""
    return {
        model._meta.label: set(model._base_manager.values_list("pk", flat=True))
        for model in apps.get_models()
        if model._meta.app_label in ORDER and not model._meta.proxy
    }


class Paint:
    """Markers in every text of rows that came after `before`; `fields` says which number is where."""

    def __init__(self, before: dict[str, set[Any]]) -> None:
        self.fields: dict[int, str] = {}
        self.secrets: dict[str, str] = {}
        self.refused: set[str] = set()
        for table in GROWS:
            triggers.lift(connection, table)
        for model in [apps.get_model(label) for label in before]:
            new = set(model._base_manager.values_list("pk", flat=True)) - before[model._meta.label]
            for field in model._meta.local_concrete_fields:
                name = f"{model._meta.label}.{field.name}"
                if name not in LEFT and not field.primary_key:
                    self._field(model, field, name, new)
            if issubclass(model, Record):
                for ref in model._base_manager.filter(pk__in=new).values_list("ref", flat=True):
                    self.secrets[ref] = model._meta.label
        for table in GROWS:
            triggers.guard(connection, table)

    def _field(self, model: type[models.Model], field: models.Field, name: str, new: set[Any]) -> None:
        text = isinstance(field, models.CharField | models.TextField) and not field.choices and field.name != "ref"
        if not (text or isinstance(field, models.JSONField)) or not new:
            return
        if text and (field.max_length or 99) < 14:
            return
        number = len(self.fields) + 1
        self.fields[number] = name
        for row in model._base_manager.filter(pk__in=new):
            old = getattr(row, field.attname)
            value = self._json(old, number) if isinstance(field, models.JSONField) else self._text(field, old, number, row.pk)
            try:
                with transaction.atomic():
                    model._base_manager.filter(pk=row.pk).update(**{field.name: value})
            except IntegrityError:  # a constraint says what this text is, or that there is none yet
                self.refused.add(name)

    def _text(self, field: models.Field, old: str | None, number: int, key: Any) -> str:
        if isinstance(field, models.EmailField):
            return f"{MARK}{number}q{key}@example.org".lower()
        if isinstance(field, models.URLField) or "://" in str(old):
            return f"https://{MARK}{number}q.example/{key}"
        if str(old).startswith("{"):  # a text that is JSON: its leaves
            return str(old).replace('": "', f'": "{MARK}{number}q ')
        return f"{MARK}{number}q {key} {old or ''}"[: field.max_length].strip()

    def _json(self, old: Any, number: int) -> Any:
        if isinstance(old, dict):
            return {key: self._json(value, number) for key, value in old.items()}
        if isinstance(old, list):
            return [self._json(value, number) for value in old]
        return f"{MARK}{number}q {old}" if isinstance(old, str) and old else old


# ------------------------------------------------------------------------------------------------- who goes where

PEOPLE = ("nobody", "amir", "sofia", "stella", "nora", "carol", "felix", "otto", "rita", "edna", "rooth", "cora", "audrey", "ada")
EVERY_ROUTE = [address for address, _view in routes().values() if "<" not in address and "(" not in address]
DOORS = ("/accounts/", "/static/", "/cms/logout", "/cms/login", "/cms/password", "/_util", "/documents/auth")


def walks(path: str, query: str) -> bool:
    """Not out of the door; and of what a list can be asked, one thing at a time: any two together show no other rows."""
    asked = [part for part in query.split("&") if part and not part.endswith("=") and part != "format=csv"]
    return not path.startswith(DOORS) and len(asked) <= 1


START = ["/", "/sitemap.xml", "/robots.txt", *[address for address in EVERY_ROUTE if walks(address, "")]]


def walk(c: SimpleNamespace, name: str) -> Found:
    client = Client()
    if name != "nobody":
        client.force_login(getattr(c, name))
    return crawl(client, START, walks, most=2500, words=WORDS)


CHANGING = re.compile(r'<updated>[^<]*</updated>|csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|name="turn" value="[^"]*"')


def told(found: Found, paint: Paint) -> dict[str, set[str]]:
    """{field: addresses that show it}. What somebody asked for stands in the address and in the answer: it is taken out."""
    shown = defaultdict(set)
    for address, (_status, text) in found.items():
        for word in WORDS:
            text = text.replace(f"={word}", "=").replace(f'value="{word}"', "")
        for number in PAINTED.findall(text):
            shown[paint.fields.get(int(number), "a file")].add(address)
        for ref, label in paint.secrets.items():
            if ref in text:
                shown[f"{label}.ref"].add(address)
    return dict(shown)


def same(found: Found) -> dict[str, str]:
    return {address: CHANGING.sub("", text) for address, (_status, text) in found.items() if not text.startswith("%PDF")}


def difference(was: str, now: str) -> list[str]:
    """The first lines that differ."""
    return [line for line in ndiff(was.splitlines(), now.splitlines()) if line[0] in "+-"][:4]


@pytest.mark.parametrize("name", PEOPLE)
def test_what_is_of_others_is_nowhere_and_changes_nothing(world, name):  # noqa: F811
    before, there = walk(world, name), rows()
    second_programme(world)
    paint = Paint(there)
    after = walk(world, name)
    assert told(after, paint) == {}
    assert {address: status for address, (status, _text) in after.items() if status >= 500} == {}
    was, now = same(before), same(after)
    assert was.keys() == now.keys()
    assert {address: difference(was[address], now[address]) for address in was if was[address] != now[address]} == {}
