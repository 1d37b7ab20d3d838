"""What of the register, and which outputs of a hackathon, can be imported at the desk."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import Actor, visible
from core.imports import Result, Tally
from core.imports.targets import Space, Target
from core.imports.translating import Known
from partnerships import actions, kinds, rules
from partnerships.models import Hackathon, register_as_known
from partnerships.states import HackathonState


def _register(user: Any) -> Iterator[Space]:
    """There is one register, for those who keep it."""
    if rules.add_organisation(user):
        yield Space("", _("The register of organisations"), reverse("partnerships:organisation_list"))


def _land(*, result: Result, source: str, space: str, by: Actor, dry_run: bool) -> list[Tally]:
    tally = result.tallies()["organisations"]
    return actions.import_organisations(
        source=source, records=result.records["organisations"], tally=tally, by=by, dry_run=dry_run
    )


def register_of(source: str, _space: str = "") -> Known:
    """The organisations that rows may name though no file has them: all of the register."""
    return {"organisations": register_as_known(source)}


ORGANISATIONS = Target(
    "organisations",
    gettext_lazy("Organisations"),
    gettext_lazy("One row is one organisation: a name, and whatever else is known of it."),
    kinds.SCHEMA,
    kinds.MAPPINGS,
    _register,
    _land,
    register_of,
)


def _gathering(user: Any) -> Any:
    """The open hackathons that this person runs."""
    return visible(Hackathon, user, "partnerships.edit_hackathon").filter(state=HackathonState.OPEN)


def _hackathons(user: Any) -> Iterator[Space]:
    for ref, title in _gathering(user).values_list("ref", "title"):
        yield Space(ref, title, reverse("partnerships:hackathon_detail", args=[ref]))


def _land_outputs(*, result: Result, source: str, space: str, by: Actor, dry_run: bool) -> list[Tally]:
    """Raises PermissionDenied for a hackathon that is not theirs, or closed."""
    hackathon = _gathering(by).filter(ref=space).first()
    if hackathon is None:
        raise PermissionDenied(_("You run no open hackathon of that reference."))
    records, tallies = result.records, result.tallies()
    return actions.import_outputs(hackathon=hackathon, source=source, records=records, tallies=tallies, by=by, dry_run=dry_run)


OUTPUTS = Target(
    "outputs",
    gettext_lazy("Outputs of a hackathon"),
    gettext_lazy("One row is what one team made: a title, and whatever else is known of it."),
    kinds.OUTPUTS,
    kinds.MAPPINGS,
    _hackathons,
    _land_outputs,
    register_of,
)
