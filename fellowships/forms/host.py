"""What comes in from the browser about hosts."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from core.forms import Choice, Form
from partnerships.models import Organisation


class HostAddForm(Form):
    """An organisation of the register that takes fellows."""

    organisation = Choice(
        None,
        label=gettext_lazy("Organisation"),
        empty_label=gettext_lazy("Choose one"),
        help_text=gettext_lazy("From the register. Those that are hosts of this cycle already are not in the list."),
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], free: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.queryset = organisations  # a second click names one that is a host by now, and is no mistake
        rows = free.order_by("name", "pk").values_list("ref", "name")
        field.choices = [("", field.empty_label), *rows]
