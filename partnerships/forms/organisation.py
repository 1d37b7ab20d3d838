"""What comes in from the browser about organisations and the people in them."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import MEMBER_ROLES
from core.forms import Choice, Day, Form, Lines, OnceForm, printable, printable_lines
from partnerships.kinds import JurisdictionLevel, MemberLine, OrganisationKind, fits
from partnerships.models import Membership, Organisation, ProgrammeRole


def presented() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Present to government as"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "The name under which it appears to governments and on public pages, if that is not its short or registered name. "
            "An agreement prints the registered name with this one behind it."
        ),
    )


def address() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Address"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Where a letter reaches it, on one line."),
    )


def notice_email() -> forms.EmailField:
    return forms.EmailField(
        label=gettext_lazy("E-mail for notices"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("Formal notices under an agreement go there. An office lasts longer than a person."),
    )


def website() -> forms.URLField:
    return forms.URLField(label=gettext_lazy("Website"), max_length=500, required=False, assume_scheme="https")


class OrganisationEditForm(Form):
    """The facts of the register. The second group is what an agreement prints of a party."""

    name = forms.CharField(
        label=gettext_lazy("Registered name"),
        max_length=200,
        help_text=gettext_lazy("As the law knows it: every agreement prints it so."),
    )
    short_name = forms.CharField(
        label=gettext_lazy("Short name"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("What people call it. Lists and titles use it."),
    )
    presented_as = presented()
    parent = Choice(
        None,
        label=gettext_lazy("Part of"),
        required=False,
        empty_label=gettext_lazy("Nothing: it stands by itself"),
        help_text=gettext_lazy(
            "The organisation whose department it is. That gives nobody any access: who has a role in the one sees nothing of "
            "the other by it."
        ),
    )
    jurisdiction_level = forms.ChoiceField(
        label=gettext_lazy("Level of jurisdiction"),
        required=False,
        choices=[("", gettext_lazy("Not known")), *JurisdictionLevel.choices],
    )
    jurisdiction = forms.CharField(
        label=gettext_lazy("Jurisdiction"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Whose law it lives under, or which government it is part of: Ghent, Flanders, Belgium."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("Not known")), *OrganisationKind.choices]
    )
    legal_form = forms.CharField(
        label=gettext_lazy("Legal form"),
        max_length=100,
        required=False,
        help_text=gettext_lazy(
            "Such as municipality, agency, registered association. Needed of the side that runs the programme."
        ),
    )
    registration = forms.CharField(
        label=gettext_lazy("Registration number"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("With the register it stands in. Needed of the side that runs the programme."),
    )
    legal_basis = forms.CharField(
        label=gettext_lazy("Legal basis"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("The law or decision that lets it sign agreements. Needed of a host."),
    )
    address, notice_email, website = address(), notice_email(), website()
    city = forms.CharField(label=gettext_lazy("City"), max_length=100, required=False)
    region = forms.CharField(label=gettext_lazy("Region"), max_length=100, required=False)
    country = forms.CharField(label=gettext_lazy("Country"), max_length=100, required=False)
    about = forms.CharField(
        label=gettext_lazy("About"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    tags = Lines(label=gettext_lazy("Tags"), required=False, longest=60, help_text=gettext_lazy("One a line."))
    former_names = Lines(
        label=gettext_lazy("Former names"),
        required=False,
        help_text=gettext_lazy("One a line. Who searches for one of them finds the organisation."),
    )

    GROUPS = (
        (gettext_lazy("The organisation"), ("name", "short_name", "presented_as", "kind")),
        (gettext_lazy("Its place"), ("parent", "jurisdiction_level", "jurisdiction")),
        (
            gettext_lazy("What an agreement prints"),
            ("legal_form", "registration", "legal_basis", "address", "notice_email"),
        ),
        (gettext_lazy("Where to find it"), ("website", "city", "region", "country")),
        (gettext_lazy("More"), ("about", "tags", "former_names")),
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = organisations.order_by("name", "pk")

    @classmethod
    def of(cls, data: Any, organisation: Organisation, organisations: QuerySet[Organisation]) -> "OrganisationEditForm":
        """Filled with what the register has; `organisations`: what it can be part of."""
        initial = model_to_dict(organisation, fields=list(cls.base_fields))
        initial["parent"] = organisation.parent and organisation.parent.ref
        return cls(data, initial=initial, organisations=organisations)

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """(title, its fields) in the order of the page."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]


class OrganisationCorrectForm(Form):
    """What a lead says of their own organisation."""

    presented_as, address, notice_email, website = presented(), address(), notice_email(), website()

    @classmethod
    def of(cls, data: Any, organisation: Organisation) -> "OrganisationCorrectForm":
        """Filled with what the register has."""
        return cls(data, initial=model_to_dict(organisation, fields=list(cls.base_fields)))


class OrganisationSupersedeForm(Form):
    """Which entry is kept, and why they are one organisation."""

    kept = Choice(
        None,
        label=gettext_lazy("The entry that is kept"),
        empty_label=gettext_lazy("Choose one"),
        help_text=gettext_lazy("From the register. It is chosen from now on wherever an organisation is asked for."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, help_text=gettext_lazy("Such as: the same registration number.")
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"].queryset = organisations.order_by("name", "pk")


class OrganisationReinstateForm(Form):
    """Why they are two organisations after all."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class OrganisationShieldForm(Form):
    """Why it is, or is no longer, sensitive. Which of the two stands in the form: a second click changes nothing."""

    sensitive = forms.ChoiceField(
        choices=[("yes", gettext_lazy("Sensitive")), ("no", gettext_lazy("Not sensitive"))], widget=forms.HiddenInput
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy(
            "Such as: its staff were threatened. It stands in the timeline for good: say no more than has to be known."
        ),
    )


class OrganisationAddForm(OnceForm, OrganisationEditForm):
    """A new entry of the register. One that has the name of another, or looks like another, is asked about first."""

    namesake = forms.BooleanField(
        required=False, widget=forms.HiddenInput, label=gettext_lazy("I mean another organisation: add it all the same")
    )


def is_address(text: str) -> bool:
    """Whether it is written like one."""
    try:
        forms.EmailField(max_length=254).clean(text)
    except forms.ValidationError:
        return False
    return True


def first_day() -> Day:
    """From when a role counts. Empty: from today."""
    return Day(label=gettext_lazy("First day"), required=False, help_text=gettext_lazy("Today, unless you say another day."))


def first_day_without() -> Day:
    """As rows keep it: the day on which the role opens nothing any more."""
    return Day(
        label=gettext_lazy("Ends on"),
        required=False,
        help_text=gettext_lazy("From this day on it opens nothing. Leave it empty for a role without an end."),
    )


class RoleDates(Form):
    """Forms of roles with days."""

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        self.later("since", "until", gettext_lazy("It cannot end before it begins."))
        return facts


class MembershipDateForm(RoleDates):
    """From when until when a role counts."""

    since, until = Day(label=gettext_lazy("First day")), first_day_without()

    @classmethod
    def of(cls, data: Any, role: Membership | ProgrammeRole) -> "MembershipDateForm":
        """Filled with what is on record."""
        return cls(data, initial={"since": role.since, "until": role.until})


class MembersInviteForm(Form):
    """Several people at once, a line each. What is wrong is said line by line, and every line stays."""

    MOST = 100

    people = forms.CharField(
        label=gettext_lazy("People"),
        max_length=30000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("One a line: name; address; role. Such as: Ines New; ines@agency.example; reviewer"),
    )

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        """kind: of the organisation, for the roles that fit it."""
        super().__init__(*args, **kwargs)
        self.roles = [role for role in MEMBER_ROLES.values() if fits(role.slug, kind)]
        self.lines: list[MemberLine] = []
        field = self.fields["people"]  # what is not shown is looked for line by line
        field.validators = [each for each in field.validators if each is not printable_lines]

    def clean_people(self) -> str:
        text, wrong, seen = str(self.cleaned_data["people"]), [], set()
        for number, raw in enumerate(text.splitlines(), start=1):
            if not raw.strip():
                continue
            try:
                line = self._line(number, raw)
                if (line.email.casefold(), line.role) in seen:
                    raise forms.ValidationError(_("the same address and role stand above."))
                seen.add((line.email.casefold(), line.role))
                self.lines.append(line)
            except forms.ValidationError as error:
                wrong.append(_("Line %(number)s: %(what)s") % {"number": number, "what": error.messages[0]})
        if len(self.lines) > self.MOST:
            wrong.append(_("Write at most %(most)s lines; there are %(are)s.") % {"most": self.MOST, "are": len(self.lines)})
        if wrong:
            raise forms.ValidationError(wrong)
        return text

    def _line(self, number: int, raw: str) -> MemberLine:
        parts = [part.strip() for part in raw.replace("\t", ";").split(";")]
        if len(parts) != 3:
            raise forms.ValidationError(_("write a name, an address and a role, with a semicolon between them."))
        name, email, role = parts
        if not name or len(name) > 200:
            raise forms.ValidationError(_("write the name, in at most 200 characters."))
        printable_lines(raw)
        printable(name)
        if not is_address(email):
            raise forms.ValidationError(_("“%(text)s” is no e-mail address such as name@example.org.") % {"text": email})
        names = {str(word).casefold(): each.slug for each in self.roles for word in (each.slug, each.label)}
        if role.casefold() not in names:
            words = {"text": role, "roles": ", ".join(each.slug for each in self.roles)}
            raise forms.ValidationError(_("“%(text)s” is no role here. There are: %(roles)s.") % words)
        return MemberLine(number, name, email, names[role.casefold()])


class MemberAddForm(RoleDates):
    """Who gets which role. The address is how the person signs in."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, help_text=gettext_lazy("As agreements print it."))
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy(
            "The person is invited there and signs in with it. An address that is known here belongs to the person it belongs "
            "to, under the name on record."
        ),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=gettext_lazy("Position"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("Such as Director of Access. It stands beside a signature."),
    )
    since, until = first_day(), first_day_without()

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        """kind: of the organisation, for the roles that fit it."""
        super().__init__(*args, **kwargs)
        roles = [role for role in MEMBER_ROLES.values() if fits(role.slug, kind)]
        self.fields["role"].choices = [(role.slug, f"{role.label}: {role.sentence}") for role in roles]
