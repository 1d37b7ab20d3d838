"""The text of an agreement: put together from the template and the records, frozen, and printed."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import pdf
from core.calendar import Calendar, describe, parse, plan
from mou.kinds import PLACEHOLDER, Placeholder, Template, catalogue, handover_sections, readable
from mou.models import Agreement, AgreementVersion, Party, Signature

SCHEMA = "common-ground/agreement-text/1"
CONSENT = gettext_lazy("I have read this agreement. I sign it for %(party)s and have the authority to do so.")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
JOINERS = "\u200c\u200d"  # invisible, but letters of some scripts are written with them


def plain(text: str) -> str:
    """Text as a reader sees it: no control characters, nothing invisible, nothing that turns the direction of reading.

    Whoever signs reads the page; two texts that look the same there have to be the same characters. Lines stay lines.
    """
    lines = []
    for line in unicodedata.normalize("NFC", text).splitlines():
        kept = (sign for sign in line if sign in JOINERS or sign.isspace() or unicodedata.category(sign)[0] not in "CZ")
        lines.append(" ".join("".join(kept).split()))
    return "\n".join(lines).strip()


def shown(value: Any, kind: str = "text") -> str:
    """A value as the text prints it: 1 September 2026; 20 %; USD 20,000. What is not of its kind is printed as it is."""
    if kind == "date" and isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            kind = "text"
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if kind == "percent":
        return f"{value} %"
    if kind == "money" and isinstance(value, dict):
        return f"{value['currency']} {value['amount']:,}"
    return " ".join(plain(str(value)).split())


class Filler:
    """Fills the blanks of one text. A blank that nothing fills stays visible as [[label]]."""

    def __init__(self, template: Template, values: Mapping[str, Any]) -> None:
        self.kinds: dict[str, Placeholder] = {p.id: p for p in catalogue().placeholders}
        self.values = values
        self.numbers = numbering(template)

    def __call__(self, text: str) -> str:
        return PLACEHOLDER.sub(self._one, text)

    def _one(self, found: Any) -> str:
        space, name = found[1], found[2]
        if space == "clause":
            return self.numbers[name]
        key = f"{space}.{name}"
        placeholder = self.kinds[key]
        value = self.values.get(key)
        if value in (None, ""):
            return f"[[{placeholder.label}]]"
        return shown(value, placeholder.type)


def numbering(template: Template) -> dict[str, str]:
    """{clause id: "7" or "7.2"}, counted from the order and the level."""
    counts = [0, 0, 0]
    numbers = {}
    for clause in template.clauses:
        level = int(clause.get("level", 1))
        counts[level - 1] += 1
        counts[level:] = [0] * (len(counts) - level)
        numbers[clause["id"]] = ".".join(str(n) for n in counts[:level])
    return numbers


def due_text(duty: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """The rule of a duty in its canonical form, with the number that the terms give it where the template says so."""
    rule = str(duty["due"])
    number = values.get(str(duty.get("due_from", "")))
    if number is not None and rule[:1].isdigit():
        rule = f"{number} {rule.split(' ', 1)[1]}"
    return describe(parse(rule))


def compose(agreement: Agreement) -> dict[str, Any]:
    """The whole text as data: parties, numbered clauses, duties, exhibits, signature blocks. Deterministic."""
    template, values = agreement.text, agreement.values()
    fill = Filler(template, values)
    parties = {party.role: party for party in agreement.parties()}
    return {
        "schema": SCHEMA,
        "number": agreement.ref,
        "version": values["agreement.version"],
        "template": {"id": template.slug, "version": template.data["version"], "sha256": template.sha256},
        "language": template.data["language"],
        "name": template.data["title"],
        "title": plain(agreement.title),
        "subtitle": template.data["subtitle"],
        "summary": template.data["summary"],
        "starts": agreement.starts and agreement.starts.isoformat(),
        "ends": agreement.ends and agreement.ends.isoformat(),
        "time_zone": agreement.programme.time_zone,
        "calendar": agreement.programme.calendar,
        "local_holidays": agreement.programme.local_days(agreement.starts, agreement.ends),
        "holidays": values["agreement.holiday_calendar"],
        "parties": [_party(party) for party in parties.values()],
        "clauses": [_clause(clause, fill, values) for clause in template.clauses],
        "obligations": _obligations(agreement, fill, values, parties),
        "units": [_unit(unit, template) for unit in agreement.units],
        "exhibits": _exhibits(agreement, parties),
        "signatures": [_block(party) for party in parties.values()],
    }


def draft(agreement: Agreement) -> dict[str, Any]:
    """What would be frozen if it were sent now, in the language of the text; blanks stand as [[label]]."""
    with translation.override(agreement.text.data["language"]):
        return compose(agreement)


def _party(party: Party) -> dict[str, Any]:
    """By its registered name; what it is presented as besides stands there only where it is something else."""
    organisation = party.organisation
    facts = {"role": party.role, "label": party.label, "name": shown(organisation.name), "ref": organisation.ref}
    presented = shown(organisation.presented_as)
    return facts | ({"presented_as": presented} if presented and presented != facts["name"] else {})


def _block(party: Party) -> dict[str, Any]:
    signatory = party.signatory
    return {
        "role": party.role,
        "label": _("For the %(party)s") % {"party": party.label},
        "organisation": shown(party.organisation.name),
        "signatory": shown(signatory.name) if signatory else f"[[{_('Signatory')}]]",
    }


def _clause(clause: Mapping[str, Any], fill: Filler, values: Mapping[str, Any]) -> dict[str, Any]:
    body = list(clause["body"])
    if key := clause.get("variant_key"):
        variants = clause["variants"]
        chosen = values.get(f"variant.{key}")
        body = [*variants[chosen if chosen in variants else next(iter(variants))], *body]
    return {
        "id": clause["id"],
        "number": fill.numbers[clause["id"]],
        "level": int(clause.get("level", 1)),
        "heading": clause["heading"],
        "paragraphs": [
            {
                "text": fill(paragraph["text"]),
                "points": [
                    {"letter": LETTERS[n], "text": fill(point["text"])} for n, point in enumerate(paragraph.get("points", []))
                ],
            }
            for paragraph in body
        ],
    }


def _unit(unit: Mapping[str, Any], template: Template) -> dict[str, Any]:
    """A placement as Exhibit 1 prints it. `scope`: what the clauses say is written there, also where nothing is."""
    said = {name: plain(text) for name, text in unit.get("scope", {}).items()}
    rows = [{"id": field.id, "label": field.label, "text": said.get(field.id, "")} for field in template.scope]
    optional = {field.id for field in template.scope if field.optional}
    facts = {key: value and plain(value) for key, value in unit.items() if key != "scope"}
    return facts | {"scope": [row for row in rows if row["text"] or row["id"] not in optional]}


def unsaid(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the clauses say stands in Exhibit 1 and does not: {label of the placement, project, missing: labels}."""
    found = []
    for unit in document["units"]:
        missing = [] if unit["problem"] else [_("Problem")]
        missing += [row["label"] for row in unit["scope"] if not row["text"]]
        if missing:
            found.append({"label": unit["label"], "project": unit["project"], "missing": missing})
    return found


def _obligations(
    agreement: Agreement, fill: Filler, values: Mapping[str, Any], parties: Mapping[str, Party]
) -> list[dict[str, Any]]:
    words = catalogue()
    rows = []
    for clause, duty in agreement.text.obligations():
        if duty["id"] in agreement.left_out:
            continue
        due = due_text(duty, values)
        debtor, creditor = agreement.text.party_of(duty["debtor"]), agreement.text.party_of(duty["creditor"])
        rows.append(
            {
                "key": duty["id"],
                "clause": fill.numbers[clause["id"]],
                "title": duty["title"],
                "detail": fill(duty.get("detail", "")),
                "debtor": debtor,
                "debtor_role": duty["debtor"],
                "debtor_label": words.roles[duty["debtor"]]["label"],
                "creditor": creditor,
                "creditor_role": duty["creditor"],
                "creditor_label": words.roles[duty["creditor"]]["label"],
                "due": due,
                "due_text": readable(due),
                "per": duty["per"],
                "per_label": words.per[duty["per"]],
                "evidence": duty["evidence"],
                "evidence_label": words.evidence[duty["evidence"]],
                "severity": duty["severity"],
                "severity_label": words.severities[duty["severity"]],
                "survives": bool(duty["survives"]),
            }
        )
    return rows


def duties_of_template(agreement: Agreement) -> list[dict[str, Any]]:
    """Every duty that the template knows, as it would stand in this agreement: {key, title, ..., due_text, kept}."""
    values = agreement.values()
    fill, words = Filler(agreement.text, values), catalogue()
    return [
        {
            "key": duty["id"],
            "title": duty["title"],
            "detail": fill(duty.get("detail", "")),
            "clause": fill.numbers[clause["id"]],
            "debtor": words.roles[duty["debtor"]]["label"],
            "creditor": words.roles[duty["creditor"]]["label"],
            "due_text": readable(due_text(duty, values)),
            "evidence": words.evidence[duty["evidence"]],
            "kept": duty["id"] not in agreement.left_out,
        }
        for clause, duty in agreement.text.obligations()
    ]


def _exhibits(agreement: Agreement, parties: Mapping[str, Party]) -> list[dict[str, Any]]:
    """In their order: {number, title, kind} and what the kind brings. The placements and the duties stand beside them."""
    brings: dict[str, dict[str, Any]] = {
        "handover": {"sections": handover_sections()},
        "contacts": {
            "contacts": [
                {"role": party.label, "name": shown(party.organisation.name), "email": shown(party.organisation.notice_email)}
                for party in parties.values()
            ]
        },
        "attachments": {"policies": [shown(policy) for policy in agreement.terms.get("policies", [])]},
    }
    rows = []
    for exhibit in agreement.text.data["exhibits"]:
        kind = exhibit.get("generated_from", "placement")
        rows.append({"number": exhibit["number"], "title": exhibit["title"], "kind": kind} | brings.get(kind, {}))
    return rows


def canonical(document: Mapping[str, Any]) -> tuple[str, str]:
    """(the characters that are stored, their SHA-256 over UTF-8): sorted keys, no spaces, no escapes."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text, hashlib.sha256(text.encode()).hexdigest()


def signature_lines(signatures: Iterable[Signature], zone: str) -> list[dict[str, str]]:
    """The record of each signature as it is printed: name, party, moment in the time zone of the agreement, what was signed."""
    return [
        {
            "role": signature.party.role,
            "name": f"{signature.name}, {signature.title}" if signature.title else signature.name,
            "party": signature.organisation_name,
            "at": moment(signature, zone),
            "shown": signature.shown,
            "consent": signature.consent,
        }
        for signature in signatures
    ]


def moment(signature: Signature, zone: str) -> str:
    """23 November 2026, 09:14:07 (Europe/Berlin, UTC+01:00)"""
    here = timezone.localtime(signature.signed_at, ZoneInfo(zone))
    offset = here.strftime("%z")
    return f"{date_format(here, 'j F Y, H:i:s')} ({zone}, UTC{offset[:3]}:{offset[3:5]})"


def agreement_pdf(version: AgreementVersion, kind: str) -> bytes:
    """The PDF of a frozen version: "copy" before it is signed, "executed" with the record of the signatures."""
    document, signatures = version.document(), version.signatures() if kind == "executed" else []
    made = (signatures[-1].signed_at if signatures else version.frozen_at).strftime("%Y-%m-%dT%H:%M:%SZ")
    with translation.override(document["language"]):
        context = {
            "document": document,
            "sha256": version.sha256,
            "signatures": signature_lines(signatures, document["time_zone"]),
            "made": made,
        }
        return pdf.make(render_to_string("mou/pdf/agreement.html", context), made=made)


# What each side would owe and by when, told before anybody has signed: a help to read the text, no part of it.


@dataclass(frozen=True)
class Promise:
    """A duty of the text. `first`: its earliest date over all placements, None while it waits for an event."""

    title: str
    clause: str
    debtor: str  # the role of the party that owes it
    who: str
    rule: str
    first: date | None


def missed(document: Mapping[str, Any], today: date) -> list[Promise]:
    """Those that would be late on the day of the last signature, were it today."""
    return [each for each in promises(document, today) if each.first and each.first < today]


def promises(document: Mapping[str, Any], today: date) -> list[Promise]:
    """Every duty of a text without blanks, as if the last signature were given today; those with a date first, by date."""
    zone = ZoneInfo(document["time_zone"])
    local = {date.fromisoformat(day): name for day, name in document["local_holidays"].items()}
    calendar = Calendar(document["calendar"], extra=local)
    found = []
    for row in document["obligations"]:
        rule, dates = parse(row["due"]), []
        for unit in document["units"] if row["per"] == "placement" and document["units"] else [document]:
            anchors = {
                "executed": datetime.combine(today, time(12), zone),
                "effective": today,
                "start": date.fromisoformat(unit["starts"]),
                "end": date.fromisoformat(unit["ends"]),
                "expiry": date.fromisoformat(document["ends"]),
            }
            dates += [due.day for due in plan(rule, anchors, calendar, zone=zone, limit=1)]
        first = min(dates, default=None)
        found.append(Promise(row["title"], row["clause"], row["debtor"], row["debtor_label"], row["due_text"], first))
    return sorted(found, key=lambda each: (each.first is None, each.first or today))
