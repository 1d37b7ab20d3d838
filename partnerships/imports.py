"""What of the register can be imported at the desk."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import Actor
from core.imports import Result, Tally
from core.imports.targets import Space, Target
from partnerships import actions, kinds, rules


def _register(user: Any) -> Iterator[Space]:
    """There is one register, for those who keep it."""
    if rules.add_organisation(user):
        yield Space("", _("The register of organisations"), reverse("partnerships:organisation_list"))


def _land(*, result: Result, source: str, space: str, by: Actor, dry_run: bool) -> list[Tally]:
    tally = result.tallies()["organisations"]
    return actions.import_organisations(
        source=source, records=result.records["organisations"], tally=tally, by=by, dry_run=dry_run
    )


ORGANISATIONS = Target(
    "organisations",
    gettext_lazy("Organisations"),
    gettext_lazy("One row is one organisation: a name, and whatever else is known of it."),
    kinds.SCHEMA,
    kinds.MAPPINGS,
    _register,
    _land,
)
