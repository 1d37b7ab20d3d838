"""Everybody follows every link they have, asks every form and reads every file: what is of others is in none of it.

A second programme is made of everything that a programme can have, and a marker is put into every text of every row of it. Who
has no part in it finds no marker and none of its numbers; and every page of theirs is, to the letter, what it was before it came.
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

from accounts import actions as accounts
from core import actions as core
from core import files, importing, triggers
from core.access import HOUSE
from core.action import action
from core.imports.targets import target_of
from core.models import Record
from core.notify import Text, post
from fellowships import actions as fellowships
from fellowships import demo as fellowships_demo
from fellowships.models import Handover, Section
from mou import actions as mou
from mou import demo as mou_demo
from mou.models import Duty
from partnerships import actions as partnerships
from partnerships import demo as partnerships_demo
from partnerships.jobs import ask_follow_ups
from partnerships.models import Output
from tests.conftest import sign_in_for
from tests.crawling import Found, crawl
from tests.house import ORDER, routes
from tests.test_access_table import world  # noqa: F401

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quiet")]

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


# ------------------------------------------------------------------------------------------------- what is private at home

# Words in records of the cast's own programme, and who of PEOPLE finds them: nobody else, and they do.
MAY = {
    "Secretdraft": "cora audrey carol",  # the title of a draft that was shared with Carol and never sent
    "Secretreason": "cora audrey amir sofia stella nora",  # why Sofia did not sign
    "Secretleft": "cora audrey nora",  # why Lena left the cycle
    "Secretpeople": "cora felix",  # the restricted section of the handover, which nobody receives yet
    "Secretevidence": "cora audrey amir sofia stella nora",  # what the agency reports of a duty
    "Secretclosed": "ada",  # why the sign-in of somebody without any role is closed: who keeps all sign-ins
    "Secretadr": "cora audrey amir sofia stella ada carol",  # the agency's address, which the draft prints
    "Secretcell": "cora",  # in a file that Cora brought and did not import
    "Secretnote": "cora audrey nora stella",  # the next step of Stella's output
    "Secretmailamir": "amir",
    "Secretmailcora": "cora",
    "Secretmailfelix": "felix",
}


def private(c: SimpleNamespace) -> None:
    by = {"by": c.cora}
    draft = mou_demo.agreement_draft(c.programme, c.ngo, c.agency, title="Secretdraft", starts=c.starts, ends=c.ends, **by)
    mou.share_agreement(agreement=draft, user=c.carol, **by)
    declined = mou_demo.send(mou_demo.agreement_draft(c.programme, c.ngo, c.agency, starts=c.starts, ends=c.ends, **by), **by)
    mou.decline_agreement(agreement=declined, reason="Secretreason", by=c.sofia)
    left = fellowships.invite_fellow(cycle=c.cycle, name="Leaver", **by)
    fellowships.withdraw_fellow(fellow=left, left_on=c.today, reason="Secretleft", **by)
    section = Section.objects.get(handover__ref=c.refs["plan"], number=13)
    assert section.restricted and section.receiver_id is None
    answers = {row["id"]: "Secretpeople" for row in section.questions}
    fellowships.edit_section(section=section, answers=answers, shown=section.sha256(), by=c.felix)
    duty = Duty.objects.get(ref=c.refs["open"])
    mou.report_duty(duty=duty, evidence="Secretevidence", by=c.stella)
    accounts.deactivate_sign_in(person=sign_in_for("closer").person, reason="Secretclosed", by=HOUSE)
    partnerships.edit_organisation(organisation=c.agency, facts={"address": "Secretadr 1"}, **by)
    importing.begin(target_of("projects"), c.programme.ref, [importing.Brought("x.csv", b"slug,title\na,Secretcell\n")], c.cora)
    output = Output.objects.get(ref=c.refs["output"])
    partnerships.edit_output(output=output, facts={"next_step": "Secretnote"}, **by)
    for name in ("amir", "cora", "felix"):
        text = Text(subject=f"Secretmail{name}", lines=("For you alone.",), why="A test.")
        _post(key=f"test:{name}", to=[f"{name}@example.org"], text=text, about=c.cycle)


@action
def _post(*, key: str, to: list[str], text: Text, about: Any, by: Any = HOUSE) -> None:
    post(key, to, text, about=about)


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
    ours = not path.startswith("/cms/") or path.startswith("/cms/choose-") or path == "/cms/"
    return ours and not path.startswith(DOORS) and len(asked) <= 1


START = ["/", "/sitemap.xml", "/robots.txt", *[address for address in EVERY_ROUTE if walks(address, "")]]


def browser_of(c: SimpleNamespace, name: str) -> Client:
    client = Client()
    if name != "nobody":
        client.force_login(getattr(c, name))
    return client


def walk(client: Client) -> Found:
    return crawl(client, START, walks, most=2500, words=WORDS)


CHANGING = re.compile(
    r'"CSRF_TOKEN": "[^"]*"|<updated>[^<]*</updated>|csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|name="turn" value="[^"]*"'
    r'|^"[0-9a-f]{32}"$',
    re.M,
)


REGISTER, LOG = ("/desk/organisations/",), ("/desk/log/",)
# What of others somebody may see, and where: who runs or audits a programme the whole register of organisations with who holds a
# role in it, and what happened to these; who coordinates keeps their sign-ins; who administers the site opens programmes, and
# reads in the log what happened to everything, in a sentence. Where lists of organisations are offered, they are the register;
# who can be named as the owner of an output is one of those who work at its agency.
ALLOWED: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "audrey": (("", REGISTER), ("core.Event.data", LOG), ("partnerships.Organisation.ref", LOG)),
    "cora": (
        ("", REGISTER),
        ("core.Event.data", (*LOG, "/desk/people/")),
        ("partnerships.Organisation.", ("/desk/",)),
        ("accounts.", ("/desk/people/",)),
        ("partnerships.Organisation.name", ("/cms/choose-organisation/",)),
        ("accounts.Person.", ("/desk/outputs/[^/]+/owner/",)),
    ),
    "ada": (("", (*REGISTER, *LOG, "/desk/people/", "/desk/programmes/")),),
}


def allowed(name: str, field: str, address: str) -> bool:
    return any(field.startswith(start) and at(places, address) for start, places in ALLOWED.get(name, ()))


def at(places: tuple[str, ...], address: str) -> bool:
    return any(re.match(place, address) for place in places)


def told(name: str, found: Found, paint: Paint) -> dict[str, set[str]]:
    """{field: addresses that show it and may not}. What one asked for stands in the answer: it is taken out."""
    shown = defaultdict(set)
    for address, (_status, text) in found.items():
        for word in WORDS:
            text = text.replace(f"={word}", "=").replace(f'value="{word}"', "")
        fields = {paint.fields.get(int(number), "a file") for number in PAINTED.findall(text)}
        fields |= {f"{label}.ref" for ref, label in paint.secrets.items() if ref in text}
        for field in fields:
            if not allowed(name, field, address):
                shown[field].add(address)
    return dict(shown)


def same(name: str, found: Found) -> dict[str, str]:
    """What must be as it was: all but the pages where something of others may be seen, and what was drawn anew."""
    places = tuple(place for _field, places in ALLOWED.get(name, ()) for place in places if place != "/desk/")
    return {
        address: CHANGING.sub("", text)
        for address, (status, text) in found.items()
        if status != 404 and not at(places, address) and not text.startswith("%PDF") and not offers(name, text)
    }


def offers(name: str, text: str) -> bool:
    """A page of the coordinator's with a form that offers the register."""
    return name == "cora" and re.search(r"<(?:option|input)[^>]*>\s*(?:<[^>]*>)?\s*(?:Agency|Elsewhere|NGO)\b", text) is not None


def difference(was: str, now: str) -> list[str]:
    """The first lines that differ."""
    return [line for line in ndiff(was.splitlines(), now.splitlines()) if line[0] in "+-"][:4]


@pytest.mark.parametrize("name", PEOPLE)
def test_what_is_of_others_is_nowhere_and_changes_nothing(world, name):  # noqa: F811
    private(world)
    browser = browser_of(world, name)
    before, there = walk(browser), rows()
    whole = "\n".join(text for _status, text in before.values())
    assert {word for word in MAY if word in whole} == {word for word, who in MAY.items() if name in who.split()}
    second_programme(world)
    paint = Paint(there)
    after = walk(browser)
    assert told(name, after, paint) == {}
    assert {address: status for address, (status, _text) in after.items() if status >= 500} == {}
    was, now = same(name, before), same(name, after)
    assert was.keys() == now.keys()
    assert {address: difference(was[address], now[address]) for address in was if was[address] != now[address]} == {}
