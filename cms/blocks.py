"""What pages are put together from: words, pictures, figures and records. No raw HTML, no embeds."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import ModelChoiceField
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import BaseChooser
from wagtail.blocks import CharBlock, ChooserBlock, DateBlock, RichTextBlock, StructBlock, TextBlock
from wagtail.images.blocks import ImageChooserBlock

from cms.kinds import WORDS
from core.access import published
from fellowships.models import Cycle, Placement
from mou.models import Agreement
from partnerships.models import Organisation, Output

# The records that a page can pick, by the name of the block and of the field: all of them are read from the record again at
# each request, and only while it is public.
RECORDS: dict[str, type[Model]] = {"cycle": Cycle, "placement": Placement, "agreement": Agreement, "output": Output}
NEEDED = {  # what the words below ask for
    Cycle: ("programme",),
    Placement: ("fellow__person", "host__organisation", "host__cycle__programme", "project"),
    Output: ("hackathon", "agency"),
}


def offered(model: type[Model]) -> QuerySet[Any]:
    """What may be picked of a model: what everybody may see at this moment, and nothing else."""
    return published(model).select_related(*NEEDED.get(model, ()))


def named(record: Any) -> str:
    """How a public record is called where one picks it. A person is named with their consent alone."""
    if isinstance(record, Cycle):
        return f"{record.name}, {record.programme.name}"
    if isinstance(record, Placement):
        who = record.fellow.person.name if record.named else _t("A fellow")
        return _t("%(who)s at %(host)s, %(cycle)s") % {"who": who, "host": record.host.organisation, "cycle": record.host.cycle}
    if isinstance(record, Output):
        return f"{record.title}, {record.hackathon}"
    return f"{record.ref} {record.title}" if isinstance(record, Agreement) else str(record)


class RecordChooser(BaseChooser):
    """Picks a record from a list that Wagtail shows in a window of its own: cms/wagtail_hooks.py."""

    show_edit_link = False

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        kind = type(self).kind  # type: ignore[attr-defined]
        self.chooser_modal_url_name = f"choose_{kind}:choose"

    def get_value_data(self, value: Any) -> dict[str, Any] | None:
        """What the editor is told of what was picked: its name while it is public, else that there is something."""
        if value is None:
            return None
        key = value.pk if isinstance(value, Model) else value
        found = offered(self.model_class).filter(pk=key).first() if str(key).isdecimal() else None
        return {"id": key, "edit_url": None, "title": named(found) if found else _t("A record that is not public now")}


class CycleChooser(RecordChooser):
    kind, model, icon = "cycle", Cycle, "date"
    choose_one_text, choose_another_text = _("Choose a cycle"), _("Choose another cycle")


class PlacementChooser(RecordChooser):
    kind, model, icon = "placement", Placement, "user"
    choose_one_text, choose_another_text = _("Choose a placement"), _("Choose another placement")


class AgreementChooser(RecordChooser):
    kind, model, icon = "agreement", Agreement, "form"
    choose_one_text, choose_another_text = _("Choose an agreement"), _("Choose another agreement")


class OutputChooser(RecordChooser):
    kind, model, icon = "output", Output, "code"
    choose_one_text, choose_another_text = _("Choose a hackathon output"), _("Choose another output")


class OrganisationChooser(RecordChooser):
    kind, model, icon = "organisation", Organisation, "group"
    choose_one_text, choose_another_text = _("Choose an organisation"), _("Choose another organisation")


CHOOSERS: dict[str, type[RecordChooser]] = {
    chooser.kind: chooser for chooser in (CycleChooser, PlacementChooser, AgreementChooser, OutputChooser, OrganisationChooser)
}


class RecordBlock(ChooserBlock):
    """A record in the middle of a text."""

    kind = ""

    @cached_property
    def target_model(self) -> type[Model]:
        return RECORDS[self.kind]

    @cached_property
    def widget(self) -> RecordChooser:
        return CHOOSERS[self.kind]()

    @cached_property
    def field(self) -> ModelChoiceField[Any]:
        words = {"invalid_choice": _("This record is not public now. Take it out, or publish again when it is.")}
        return ModelChoiceField(queryset=offered(self.model_class), widget=self.widget, error_messages=words)

    class Meta:
        group = _("Record")


class CycleBlock(RecordBlock):
    kind = "cycle"

    class Meta:
        icon = "date"
        label = _("Cycle")


class PlacementBlock(RecordBlock):
    kind = "placement"

    class Meta:
        icon = "user"
        label = _("Placement")


class AgreementBlock(RecordBlock):
    kind = "agreement"

    class Meta:
        icon = "form"
        label = _("Agreement")


class OutputBlock(RecordBlock):
    kind = "output"

    class Meta:
        icon = "code"
        label = _("Hackathon output")


class PointBlock(StructBlock):
    """A few words and a sentence or two beneath them."""

    title = CharBlock(max_length=60, label=_("Words"))
    text = CharBlock(max_length=300, label=_("Text"))

    class Meta:
        icon = "list-ul"
        label = _("Point")


class PictureBlock(StructBlock):
    """A picture with words for those who do not see it."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = CharBlock(max_length=200, label=_("What the picture shows"))
    caption = CharBlock(max_length=200, required=False, label=_("Words beneath it"))

    class Meta:
        icon = "image"
        label = _("Picture")


def not_tomorrow(day: date) -> None:
    """Raises ValidationError for a day that has not come: nothing was measured on it."""
    if day > timezone.localdate():
        raise ValidationError(_("This day has not come yet. Give the day on which it was measured."))


class FigureBlock(StructBlock):
    """A figure with what it says, its day and its source."""

    number = CharBlock(max_length=30, label=_("Figure"), help_text=_("For example: 71 → 48"))
    unit = CharBlock(max_length=30, required=False, label=_("Unit"))
    label = CharBlock(max_length=200, label=_("What the figure says"))
    day = DateBlock(label=_("Measured on"), validators=[not_tomorrow])
    source = CharBlock(max_length=200, label=_("Source"))

    class Meta:
        icon = "order"
        label = _("Figure")


class QuoteBlock(StructBlock):
    """What somebody said, and how they agreed that it stands here. The note on their consent is not shown."""

    text = TextBlock(max_length=600, label=_("What was said"))
    by = CharBlock(max_length=120, label=_("Who said it"), help_text=_("As they agreed to be called, such as “a nurse”."))
    consent = CharBlock(
        max_length=200, label=_("How and when they agreed"), help_text=_("For you and those after you. It is not shown.")
    )

    class Meta:
        icon = "openquote"
        label = _("Quotation")


STORY = [
    ("heading", CharBlock(max_length=100, icon="title", label=_("Heading"))),
    ("paragraph", RichTextBlock(features=WORDS, icon="pilcrow", label=_("Paragraph"))),
    ("picture", PictureBlock()),
    ("figure", FigureBlock()),
    ("quote", QuoteBlock()),
    ("cycle", CycleBlock()),
    ("placement", PlacementBlock()),
    ("agreement", AgreementBlock()),
    ("output", OutputBlock()),
]
