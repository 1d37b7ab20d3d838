"""Every write about organisations and the roles in them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from core import access, audit, public
from core import actions as core
from core.access import Actor
from core.action import action, in_turn, lock, store
from core.imports import ImportRefused, Tally
from core.imports import Mapping as ImportFormat
from core.imports import Record as Imported
from core.landing import DryRun, Landing, one_import_at_a_time
from partnerships import rules
from partnerships.kinds import DEEPEST
from partnerships.models import Organisation

NAMED = 3  # of many that look alike, this many are named in a sentence
EDITABLE = frozenset(
    [
        "name",
        "short_name",
        "kind",
        "legal_form",
        "registration",
        "legal_basis",
        "address",
        "notice_email",
        "website",
        "city",
        "region",
        "country",
        "about",
        "tags",
        "former_names",
        "presented_as",
        "jurisdiction_level",
        "jurisdiction",
        "parent",
    ]
)
CORRECTABLE = frozenset(["presented_as", "address", "notice_email", "website"])  # by its own leads


@action
def add_organisation(*, name: str, by: Actor, namesake: bool = True, **facts: Any) -> Organisation:
    """Add to the register. `facts` are fields of Organisation.

    Without `namesake` it raises ValidationError where the register has that name: a second click adds nothing.
    """
    access.require(rules.add_organisation, by)
    parent = _turn(facts)
    if not namesake:
        if isinstance(by, User) and by.person:
            lock(by.person)  # who clicks twice waits for their first click
        _new_to_the_register(Organisation(name=name, **_known(facts)))
    _require_place(None, parent)
    organisation = Organisation.objects.create(name=name, **_known(facts))
    audit.record("organisation.added", organisation, by=by)
    return organisation


def _new_to_the_register(organisation: Organisation) -> None:
    """Raises ValidationError with the code "namesake" where the register has one of this name, or one that looks like it."""
    if Organisation.objects.filter(name__iexact=organisation.name).exists():
        raise ValidationError(_("The register has an organisation of this name already."), code="namesake")
    alike = [other.name for others in Organisation.objects.all().like([organisation]).values() for other in others]
    if alike:
        names = ", ".join(alike[:NAMED]) + (" …" if len(alike) > NAMED else "")
        raise ValidationError(_("It looks like %(names)s. Is it another organisation?") % {"names": names}, code="namesake")


@action
def edit_organisation(*, organisation: Organisation, facts: Mapping[str, Any], by: Actor) -> list[str]:
    """Store what differs; the names of the fields that did. Nothing different, nothing recorded.

    Raises ValidationError where it would be part of itself, or too deep.
    """
    access.require(rules.edit_organisation, by, organisation)
    parent = _turn(facts)
    lock(organisation, *([parent] if parent else []))
    _require_place(organisation, parent)
    changed = _stored(organisation, _known(facts))
    if changed:
        audit.record("organisation.edited", organisation, by=by, fields=audit.labels(organisation, changed), changes=changed)
        public.touch()
    return list(changed)


@action
def correct_organisation(*, organisation: Organisation, facts: Mapping[str, Any], by: Actor) -> list[str]:
    """What a lead says of their own organisation: how it is presented and reached. As edit_organisation().

    Raises ValidationError for the name of another organisation: a coordinator knows whether that is right.
    """
    unknown = facts.keys() - CORRECTABLE
    if unknown:
        raise ValueError(f"not for its leads: {sorted(unknown)}")
    lock(organisation)
    access.require(rules.correct_organisation, by, organisation)
    name = facts.get("presented_as", "")
    if name and name != organisation.presented_as and Organisation.objects.others_called(name, organisation).exists():
        taken = _("Another organisation of the register is called so. A programme coordinator can enter it if that is right.")
        raise ValidationError({"presented_as": taken})
    changed = _stored(organisation, facts)
    if changed:
        audit.record("organisation.corrected", organisation, by=by, fields=audit.labels(organisation, changed), changes=changed)
        public.touch()
    return list(changed)


def _turn(facts: Mapping[str, Any]) -> Organisation | None:
    """What it is to be part of; who says so waits for everybody who changes the tree, before any row is locked."""
    parent: Organisation | None = facts.get("parent")
    if parent is not None:
        in_turn(Organisation)
    return parent


def _require_place(organisation: Organisation | None, parent: Organisation | None) -> None:
    """Raises ValidationError where it does not fit there. The database refuses it as well."""
    fits = rules.fits_below(organisation, parent) if parent else access.YES
    if not fits:
        raise ValidationError({"parent": fits.reason})


def _stored(organisation: Organisation, facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What differed, {field: [before, after]}, as the chain keeps it: what it is part of by its name."""
    changed = store(organisation, facts)
    if "parent" in changed:
        changed["parent"] = [str(each or "") for each in changed["parent"]]
    return changed


@action
def supersede_organisation(*, organisation: Organisation, kept: Organisation, reason: str, by: Actor) -> None:
    """Both entries are one organisation, and `kept` is chosen from now on. Nothing moves: what was signed, and who reads it by
    a role in which entry, stays as it is."""
    in_turn(Organisation)
    lock(organisation, kept)
    access.require(rules.supersede_organisation, by, organisation, kept)
    if store(organisation, {"same_as": kept}):
        changes, name, double = {"same_as": ["", kept.name]}, organisation.name, organisation.ref
        audit.record(
            "organisation.superseded", organisation, by=by, name=kept.name, kept=kept.ref, reason=reason, changes=changes
        )
        audit.record("organisation.stands_for", kept, by=by, name=name, double=double, reason=reason, changes={})
        public.touch()


@action
def reinstate_organisation(*, organisation: Organisation, reason: str, by: Actor) -> None:
    """They are two organisations after all."""
    in_turn(Organisation)
    lock(organisation)
    access.require(rules.reinstate_organisation, by, organisation)
    kept = organisation.same_as
    if kept and store(organisation, {"same_as": None}):
        changes = {"same_as": [kept.name, ""]}
        audit.record("organisation.reinstated", organisation, by=by, name=kept.name, reason=reason, changes=changes)
        audit.record("organisation.stands_alone", kept, by=by, name=organisation.name, reason=reason, changes={})
        public.touch()


@action
def shield_organisation(*, organisation: Organisation, reason: str, by: Actor) -> None:
    """Sensitive: from the next request on it is on no public page, and no record that would name it, under any of its entries."""
    in_turn(Organisation)
    organisation.refresh_from_db(fields=["same_as"])
    entries = organisation.entries()
    lock(*entries)
    access.require(rules.shield_organisation, by, organisation)
    for each in entries:
        if changed := store(each, {"sensitive": True}):
            audit.record("organisation.shielded", each, by=by, reason=reason, changes=changed)
            public.touch()


@action
def unshield_organisation(*, organisation: Organisation, reason: str, by: Actor) -> None:
    """Not sensitive any more: what was published of it is public again, under all of its entries."""
    in_turn(Organisation)
    organisation.refresh_from_db(fields=["same_as"])
    entries = organisation.entries()
    lock(*entries)
    access.require(rules.unshield_organisation, by, organisation)
    for each in entries:
        if changed := store(each, {"sensitive": False}):
            audit.record("organisation.unshielded", each, by=by, reason=reason, changes=changed)
            public.touch()


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    unknown = facts.keys() - EDITABLE
    if unknown:
        raise ValueError(f"not fields of an organisation: {sorted(unknown)}")
    return dict(facts)


@action
def land_organisations(*, source: str, records: Iterable[Imported], tally: Tally, by: Actor) -> Landing[Organisation]:
    """Place and write what was imported. An organisation of the register with the same name is the same organisation."""
    one_import_at_a_time()
    access.require(rules.add_organisation, by)
    found = list(records)
    above = {record.key: str(record.values["parent"]) for record in found if "parent" in record.values}
    if above:
        in_turn(Organisation)
    register = list(Organisation.objects.all())
    names = {organisation.name.casefold(): organisation for organisation in register}
    landing = Landing(
        source,
        Organisation,
        tally,
        verb="organisation.imported",
        by=by,
        twin=lambda facts: names.get(str(facts["name"]).casefold()),
    )
    for organisation in register:
        # Rows may refer to any of the register, whatever list it came from: register_as_known() gives these keys.
        landing.known.setdefault(organisation.ref, organisation)
    for record in found:
        values = {name: value for name, value in record.values.items() if name not in ("key", "parent")}
        facts = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
        names.setdefault(str(facts["name"]).casefold(), landing.place(record.key, facts))
    landing.settle()
    _hang(landing, above)
    return landing


def _hang(landing: Landing[Organisation], above: Mapping[str, str]) -> None:
    """Everything is there now: say what each is part of. `above`: {key of the file: key of the file, or of the register}.

    Raises ImportRefused where one would be part of itself or too deep; what the file alone shows is a note of its row.
    """
    moved, names = {}, {each.pk: each.name for each in landing.known.values()}
    for key, up in above.items():
        row, parent = landing[key], landing[up]
        if row.parent_id != parent.pk:
            moved[row.pk] = row, parent, names.get(row.parent_id or 0, "")
            if key not in landing.added and row.pk not in landing.changed:
                landing.tally.unchanged -= 1
                landing.tally.changed += 1
    if not moved:
        return
    Organisation.objects.filter(pk__in=moved).update(parent=None)  # no order of rows makes a circle on the way
    for row, parent, _before in moved.values():
        row.parent = parent
    _require_tree({key: parent.pk for key, (_row, parent, _before) in moved.items()})
    Organisation.objects.bulk_update([row for row, _parent, _before in moved.values()], ["parent"], batch_size=500)
    for row, parent, before in moved.values():
        changes = {"parent": [before, parent.name]}
        audit.record("organisation.placed", row, by=landing.by, parent=parent.name, source=landing.source, changes=changes)


def _require_tree(moved: Mapping[int, int]) -> None:
    """Raises ImportRefused unless nothing is above itself, or too deep, once these have their new parents: {key: parent}."""
    parents = {**dict(Organisation.objects.exclude(parent=None).order_by().values_list("pk", "parent")), **moved}
    for key in parents:
        line = [key]
        while (up := parents.get(line[-1])) is not None and len(line) <= DEEPEST:
            line.append(up)
        if len(line) > DEEPEST:
            name = Organisation.objects.get(pk=key).name
            sentence = _("“%(name)s” would be part of itself or stand more than %(most)s levels deep. Nothing was imported.")
            raise ImportRefused(sentence % {"name": name, "most": DEEPEST})


@action
def import_organisations(
    *, source: str, records: Iterable[Imported], tally: Tally, by: Actor, dry_run: bool = False
) -> list[Tally]:
    """Add to the register what a file has, in one transaction. Run again it changes nothing.

    Raises DryRun with the tallies, after everything was tried, when it was only to be tried.
    """
    land_organisations(source=source, records=records, tally=tally, by=by)
    public.touch()
    if dry_run:
        raise DryRun([tally])
    return [tally]


@action
def remember_mapping(*, mapping: ImportFormat, by: Actor) -> None:
    """Keep a mapping that was used with success: the next file with these columns is read by it."""
    access.require(rules.add_organisation, by)
    core.remember_mapping(mapping=mapping, by=by)
