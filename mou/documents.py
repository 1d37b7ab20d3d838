"""The text of an agreement: put together from the template and the records, frozen, and printed."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import pdf
from core.calendar import describe, parse
from mou.kinds import PLACEHOLDER, Placeholder, Template, catalogue
from mou.models import Agreement, AgreementVersion, Party

SCHEMA = "common-ground/agreement-text/1"
CONSENT = _("I have read this agreement. I sign it for %(party)s and have the authority to do so.")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def shown(value: Any, kind: str = "text") -> str:
    """A value as the text prints it: 1 September 2026; 20 %; USD 20,000."""
    if kind == "date" or isinstance(value, date):
        return date_format(value if isinstance(value, date) else date.fromisoformat(str(value)), "j F Y")
    if kind == "percent":
        return f"{value} %"
    if kind == "money" and isinstance(value, dict):
        return f"{value['currency']} {value['amount']:,}"
    return str(value)


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
        return shown(value, placeholder.type if not isinstance(value, str) or placeholder.type == "percent" else "text")


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
        "title": agreement.title,
        "subtitle": template.data["subtitle"],
        "summary": template.data["summary"],
        "starts": agreement.starts and agreement.starts.isoformat(),
        "ends": agreement.ends and agreement.ends.isoformat(),
        "time_zone": agreement.programme.time_zone,
        "calendar": agreement.programme.calendar,
        "parties": [_party(party) for party in parties.values()],
        "clauses": [_clause(clause, fill, values) for clause in template.clauses],
        "obligations": _obligations(agreement, fill, values, parties),
        "units": agreement.units,
        "exhibits": _exhibits(agreement, parties),
        "signatures": [_block(party) for party in parties.values()],
    }


def _party(party: Party) -> dict[str, Any]:
    return {"role": party.role, "label": party.label, "name": party.organisation.name, "ref": party.organisation.ref}


def _block(party: Party) -> dict[str, Any]:
    signatory = party.signatory
    return {
        "role": party.role,
        "label": _("For the %(party)s") % {"party": party.label},
        "organisation": party.organisation.name,
        "signatory": signatory.name if signatory else f"[[{_('Signatory')}]]",
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


def _obligations(
    agreement: Agreement, fill: Filler, values: Mapping[str, Any], parties: Mapping[str, Party]
) -> list[dict[str, Any]]:
    words = catalogue()
    rows = []
    for clause, duty in agreement.text.obligations():
        if duty["id"] in agreement.left_out:
            continue
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
                "due": due_text(duty, values),
                "per": duty["per"],
                "evidence": duty["evidence"],
                "evidence_label": words.evidence[duty["evidence"]],
                "severity": duty["severity"],
                "survives": bool(duty["survives"]),
            }
        )
    return rows


def _exhibits(agreement: Agreement, parties: Mapping[str, Party]) -> dict[str, Any]:
    contacts = [
        {"role": party.label, "name": party.organisation.name, "email": party.organisation.notice_email}
        for party in parties.values()
    ]
    return {"contacts": contacts, "policies": agreement.terms.get("policies", [])}


def canonical(document: Mapping[str, Any]) -> tuple[str, str]:
    """(the characters that are stored, their SHA-256 over UTF-8): sorted keys, no spaces, no escapes."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text, hashlib.sha256(text.encode()).hexdigest()


def agreement_pdf(version: AgreementVersion, kind: str) -> bytes:
    """The PDF of a frozen version: "copy" before it is signed, "executed" with the record of the signatures."""
    signatures = list(version.signature_set.select_related("party")) if kind == "executed" else []
    made = (signatures[-1].signed_at if signatures else version.frozen_at).strftime("%Y-%m-%dT%H:%M:%SZ")
    context = {
        "document": version.document(),
        "version": version,
        "signatures": signatures,
        "kind": kind,
        "made": made,
    }
    return pdf.make(render_to_string("mou/pdf/agreement.html", context), made=made)
