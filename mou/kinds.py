"""What agreements are made of, as data: the shipped templates, their catalogue, and the sentences of the chain."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.kinds import RECORD
from core.privacy import End, Personal

TEXTS = Path(__file__).resolve().parent / "texts"
PLACEHOLDER = re.compile(r"\{\{\s*([a-z_]+)[.:]([a-z_-]+)\s*\}\}")
EVENT = re.compile(r"event:([a-z_]+)")
NO_DAYS = re.compile(r"^0 (?:business )?days after ")
SAID = {
    "0 days after start": "on the first day",
    "0 days after end": "on the last day",
    "prohibition until end": "not before the end",
}
TEMPLATES = {"host-placement": _("A · Host placement")}


# What the choices of a text with variants are called; the texts stand in the template.
VARIANTS: dict[str, dict[str, Any]] = {
    "employment_status": {
        "programme_employee": _("The programme employs the fellow"),
        "host_employee": _("The host employs the fellow"),
        "seconded_official": _("The fellow is an official of another public body, which goes on paying"),
        "stipend": _("Nobody: the fellow gets a stipend from the programme"),
    }
}
MOST_DAYS = 3650  # in a time limit that the terms set
FACTS = {
    "title": _("title"),
    "starts": _("first day"),
    "ends": _("last day"),
    "units": _("placements and projects"),
    "policies": _("policies that apply"),
}
# ISO 4217, the codes in use, and XTS, which the standard reserves for tests.
CURRENCIES = frozenset((TEXTS / "currencies.txt").read_text().split())


@dataclass(frozen=True)
class Placeholder:
    """A blank of the text: what it is called, what goes in, and where that comes from."""

    id: str
    type: str
    source: str
    label: str
    default: Any = None


@dataclass(frozen=True)
class ScopeField:
    """Something that an exhibit says of a project. `optional`: not worth a line when there is nothing to say."""

    id: str
    label: str
    hint: str
    optional: bool = False


@dataclass(frozen=True)
class Template:
    """A text with blanks, as shipped: clauses, duties and signature blocks, with the hash of the file it came from."""

    slug: str
    data: dict[str, Any]
    sha256: str

    @property
    def clauses(self) -> list[dict[str, Any]]:
        clauses: list[dict[str, Any]] = self.data["clauses"]
        return clauses

    def obligations(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """(clause, duty) in the order of the text."""
        for clause in self.clauses:
            for duty in clause.get("obligations", []):
                yield clause, duty

    @cached_property
    def placeholders(self) -> list[Placeholder]:
        """The blanks that occur in the text, in the order of the catalogue."""
        used = {f"{m[1]}.{m[2]}" for text in _texts(self.data) for m in PLACEHOLDER.finditer(text) if m[1] != "clause"}
        return [placeholder for placeholder in catalogue().placeholders if placeholder.id in used]

    @cached_property
    def scope(self) -> list[ScopeField]:
        """What the text says of each project, in its order."""
        known = {field.id: field for field in catalogue().scope}
        named = [name for exhibit in self.data["exhibits"] for name in exhibit.get("fields", [])]
        return [known[name] for name in named if name in known]

    @property
    def variants(self) -> list[dict[str, Any]]:
        """Where the text has several readings: {id, label, default, choices}; the chosen one is the term "variant.<id>"."""
        rows: list[dict[str, Any]] = self.data.get("variant_keys", [])
        return rows

    @cached_property
    def counted(self) -> set[str]:
        """The blanks whose number a time limit takes over: these are whole numbers of its unit."""
        return {duty["due_from"] for _clause, duty in self.obligations() if "due_from" in duty}

    def label_of(self, name: str) -> str:
        """What a term is called, for people: "Fee for each place"."""
        labels = {placeholder.id: placeholder.label for placeholder in catalogue().placeholders}
        labels |= {f"variant.{row['id']}": row["label"] for row in self.variants}
        return str(labels.get(name) or FACTS.get(name, name))

    def party_of(self, role: str) -> str:
        """The party that answers for a role: "host" for "host_finance"."""
        return catalogue().roles[role]["party"]


@dataclass(frozen=True)
class Catalogue:
    """The closed sets that all templates use: roles, kinds of evidence, severities, events, blanks."""

    roles: dict[str, dict[str, str]]
    evidence: dict[str, str]
    severities: dict[str, str]
    events: dict[str, str]
    ahead: frozenset[str]  # events whose day is agreed before it comes
    per: dict[str, str]
    placeholders: list[Placeholder]
    scope: list[ScopeField]


@lru_cache
def catalogue() -> Catalogue:
    """Read once from the shipped file."""
    data = _read("catalogue")[0]
    return Catalogue(
        roles={row["id"]: row for row in data["roles"]},
        evidence={row["id"]: row["label"] for row in data["evidence_kinds"]},
        severities={row["id"]: row["label"] for row in data["severities"]},
        events={row["id"]: row["label"] for row in data["events"]},
        ahead=frozenset(row["id"] for row in data["events"] if row.get("ahead")),
        per={row["id"]: row["label"] for row in data["per"]},
        placeholders=[
            Placeholder(row["id"], row["type"], row["source"], row["label"], row.get("default")) for row in data["placeholders"]
        ],
        scope=[ScopeField(**row) for row in data["scope"]],
    )


def readable(rule: str) -> str:
    """A due rule for people: the event stands by its name. "5 business days after the event “An invoice arrived”".

    What the grammar needs and nobody would say is said otherwise: "0 days after end" is "on the last day".
    """
    said = SAID.get(rule) or NO_DAYS.sub("on the day of ", rule).replace("after effective", "after the effective date")
    events = catalogue().events
    return EVENT.sub(lambda found: str(_("the event “%(label)s”") % {"label": events.get(found[1], found[1])}), said)


@lru_cache
def template(slug: str) -> Template:
    """A shipped template. Raises KeyError for a name that is none."""
    if slug not in TEMPLATES:
        raise KeyError(slug)
    return Template(slug, *_read(slug))


@lru_cache
def handover_sections() -> list[dict[str, Any]]:
    """{number, title, level} of each section of a handover plan; the level in words."""
    data = _read("handover")[0]
    levels = {row["id"]: row["label"] for row in data["levels"]}
    return [{"number": row["number"], "title": row["title"], "level": levels[row["level"]]} for row in data["sections"]]


def template_choices() -> list[tuple[str, Any]]:
    """Callable, so that a new template needs no migration."""
    return list(TEMPLATES.items())


def _read(name: str) -> tuple[dict[str, Any], str]:
    import yaml

    raw = (TEXTS / f"{name}.yaml").read_bytes()
    return yaml.safe_load(raw), hashlib.sha256(raw).hexdigest()


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


SENTENCES = {
    "agreement.drafted": _("%(who)s drafted the agreement."),
    "agreement.terms_set": _("%(who)s filled in %(fields)s."),
    "agreement.duties_chosen": _("%(who)s left out %(count)s duties of the template."),
    "agreement.signatory_named": _("%(who)s named %(name)s to sign for %(organisation)s."),
    "agreement.sent": _("%(who)s sent version %(version)s for signature."),
    "agreement.recalled": _("%(who)s took the agreement back: %(reason)s"),
    "agreement.declined": _("%(who)s declined to sign: %(reason)s"),
    "agreement.reopened": _("%(who)s opened the draft again."),
    "agreement.withdrawn": _("%(who)s withdrew the agreement: %(reason)s"),
    "agreement.rendered": _("%(who)s made the PDF of version %(version)s."),
    "agreement.signed": _("%(who)s signed for %(organisation)s."),
    "agreement.in_force": _("The last signature brought the agreement into force."),
    "agreement.expired": _("The agreement ran out."),
    "agreement.published": _("%(who)s published the agreement."),
    "agreement.unpublished": _("%(who)s took the agreement off the public pages."),
    "agreement.shared": _("%(who)s shared the agreement with %(name)s."),
    "agreement.unshared": _("%(who)s ended the share with %(name)s."),
    "agreement.reminded": _("%(who)s reminded %(name)s."),
    "agreement.copies_sent": _("Both parties received a copy."),
    "duty.dated": _("%(who)s recorded the event; the duty has its date."),
    "duty.reported": _("%(who)s reported the duty as done: %(evidence)s"),
    "duty.accepted": _("%(who)s accepted the duty."),
    "duty.sent_back": _("%(who)s sent the duty back: %(reason)s"),
}


# What is kept of people.

SIGNED = _(
    "A text that was sent, and a signature, stay as they are: contracts have to be provable (GDPR art. 17(3)(b) and (e)). The "
    "printed name stays with them."
)
AGREEMENT = Personal(
    _("Agreements published"),
    ("published_by",),
    ("ref", "title", "published_at"),
    because=_("That somebody decided on publishing stays known; by whom is a reference without a name."),
)
PARTY = Personal(
    _("Agreements to sign for an organisation"), ("signatory",), ("agreement", "organisation", "role"), because=RECORD
)
AGREEMENT_VERSION = Personal(
    _("Texts that name the person as a signatory"),
    ("agreement__party__signatory",),
    ("agreement", "number", "frozen_at", "sha256"),
    because=SIGNED,
    frozen=("text",),
)
SIGNATURE = Personal(
    _("Signatures"),
    ("person",),
    ("version", "name", "title", "organisation_name", "shown", "consent", "method", "signed_at"),
    because=SIGNED,
    frozen=("name", "title", "organisation_name", "consent"),
)
AGREEMENT_SHARE = Personal(_("Agreements shared with the person"), ("user",), ("content_object", "since", "until"), End.DELETED)
