"""What a case study picks of the register: the organisations that were involved, and records that it shows live."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from cms.blocks import CHOOSERS, RECORDS
from fellowships.models import Cycle, Placement
from mou.models import Agreement
from partnerships.models import Organisation, Output

Key = tuple[str, int]  # the kind of a record, as in RECORDS, and its key


class CaseStudyAgency(Orderable):
    """An organisation of the register that was involved: where it is found, whatever the page calls it."""

    page = ParentalKey("cms.CaseStudyPage", on_delete=models.CASCADE, related_name="agencies")
    organisation = models.ForeignKey(Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="+")

    panels: ClassVar[list[Any]] = [FieldPanel("organisation", widget=CHOOSERS["organisation"])]

    class Meta(Orderable.Meta):
        default_permissions = ()
        verbose_name = _("organisation")


def _one_of(names: Iterable[str]) -> Q:
    """Exactly one of these columns holds something."""
    known, found = list(names), Q()
    for here in known:
        found |= Q(**{f"{name}__isnull": name != here for name in known})
    return found


class CaseStudyRecord(Orderable):
    """One record of which the page tells: a cycle, placement, agreement or hackathon output. What it shows is never copied."""

    page = ParentalKey("cms.CaseStudyPage", on_delete=models.CASCADE, related_name="records")
    cycle = models.ForeignKey(Cycle, verbose_name=_("cycle"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    placement = models.ForeignKey(
        Placement, verbose_name=_("placement"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    agreement = models.ForeignKey(
        Agreement, verbose_name=_("agreement"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    output = models.ForeignKey(
        Output, verbose_name=_("hackathon output"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    panels: ClassVar[list[Any]] = [FieldRowPanel([FieldPanel(name, widget=CHOOSERS[name]) for name in RECORDS])]

    class Meta(Orderable.Meta):
        default_permissions = ()
        verbose_name = _("record")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="story_record_is_one",
                condition=_one_of(RECORDS),
                violation_error_message=_("Choose one record here. Add another line for another record."),
            )
        ]

    @property
    def key(self) -> Key:
        return next((kind, key) for kind in RECORDS if (key := getattr(self, f"{kind}_id")) is not None)


@dataclass(frozen=True)
class Told:
    """A record as a page shows it: read at this moment, and public."""

    kind: str
    record: Any
    word: str = ""  # its state, with the tone and the sign that go with it
    tone: str = ""
    sign: str = ""


def _cycles(keys: list[int]) -> Any:
    return Cycle.objects.published().filter(pk__in=keys).select_related("programme").annotate(hosts=Count("host"))


def _placements(keys: list[int]) -> Any:
    return Placement.objects.published().filter(pk__in=keys).with_words()


def _agreements(keys: list[int]) -> Any:
    return Agreement.objects.published().filter(pk__in=keys).with_duty_counts(timezone.localdate()).with_parties()


def _outputs(keys: list[int]) -> Any:
    return Output.objects.published().filter(pk__in=keys).with_present()


READERS: dict[str, Callable[[list[int]], Any]] = {
    "cycle": _cycles,
    "placement": _placements,
    "agreement": _agreements,
    "output": _outputs,
}


def read(keys: Iterable[Key]) -> dict[Key, Told]:
    """What of these is public, as it is now. As many queries as there are kinds among them."""
    wanted: dict[str, list[int]] = {}
    for kind, key in keys:
        wanted.setdefault(kind, []).append(key)
    return {(kind, row.pk): _told(kind, row) for kind, keys in wanted.items() for row in READERS[kind](keys)}


def _told(kind: str, row: Any) -> Told:
    if isinstance(row, Placement):
        # As its page says it, but for what its agreement lacks: that is between the two sides.
        return Told(kind, row, *row.outlook(covered=True))
    if isinstance(row, Agreement):
        return Told(kind, row, row.get_state_display(), row.tone, row.sign)
    if isinstance(row, Output):
        return Told(kind, row, row.outcome_label, row.tone, row.sign)
    return Told(kind, row)
