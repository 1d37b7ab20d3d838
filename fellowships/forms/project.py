"""What comes in from the browser about projects."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Choice, Form, OnceForm
from fellowships.models import Host, Project
from fellowships.states import ProjectStatus
from mou.kinds import catalogue
from partnerships.models import Organisation


def _text(label: Any, help_text: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=20_000, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


class ProjectForm(Form):
    """What is to be done, and how far it is."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=300, help_text=gettext_lazy("The agreement prints it so."))
    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=ProjectStatus.choices, initial=ProjectStatus.PROPOSED)
    problem = _text(
        gettext_lazy("The problem it is to solve"),
        gettext_lazy("The agreement prints it. Say who has the problem, and how often."),
    )
    summary = _text(gettext_lazy("Summary"), gettext_lazy("Two or three sentences for people who do not know the host."))
    link = forms.URLField(label=gettext_lazy("Link"), required=False, max_length=500, assume_scheme="https")


class ProjectAddForm(OnceForm, ProjectForm):
    """A new one, which a host of the cycle offers."""

    host = Choice(None, label=gettext_lazy("Host"), empty_label=gettext_lazy("Choose one"))
    field_order = ("host", "title")

    def __init__(self, *args: Any, hosts: QuerySet[Host], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].queryset = hosts


class ProjectEditForm(ProjectForm):
    """What is on record of one, and what Exhibit 1 says of it: each field of `scope` by its name, "scope-users"."""

    organisation = Choice(
        None,
        label=gettext_lazy("Offered by"),
        required=False,
        empty_label=gettext_lazy("Nobody in particular"),
        help_text=gettext_lazy("A fellow can be placed for it at that host alone; without one, at any."),
    )
    about = _text(gettext_lazy("More about it"), rows=6)
    field_order = ("title", "organisation", "status", "problem", "summary", "about", "link")

    def __init__(self, *args: Any, project: Project, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations.order_by("name", "pk")
        for row in catalogue().scope:
            self.fields[f"scope-{row.id}"] = _text(row.label, row.hint, rows=3)
            self.initial[f"scope-{row.id}"] = project.scope.get(row.id, "")
        if project.status_as_written:
            self.fields["status"].help_text = _("The imported list says “%(word)s”.") % {"word": project.status_as_written}

    def groups(self) -> list[tuple[str, str, list[BoundField]]]:
        """(id, heading, fields) of the two halves."""
        scope = [self[f"scope-{row.id}"] for row in catalogue().scope]
        return [
            ("project", _("The project"), [self[name] for name in self.field_order]),
            ("scope", _("For the agreement"), scope),
        ]

    def facts(self) -> dict[str, Any]:
        """What edit_project() takes; of the scope what was written."""
        given = {name: self.cleaned_data[name] for name in self.field_order}
        said = {row.id: self.cleaned_data[f"scope-{row.id}"] for row in catalogue().scope}
        return given | {"scope": {name: text for name, text in said.items() if text}}

    @classmethod
    def of(cls, data: Any, project: Project, organisations: QuerySet[Organisation]) -> "ProjectEditForm":
        """Filled with what is on record."""
        initial = model_to_dict(project, fields=list(cls.base_fields))
        initial["organisation"] = project.organisation and project.organisation.ref
        return cls(data, initial=initial, project=project, organisations=organisations)
