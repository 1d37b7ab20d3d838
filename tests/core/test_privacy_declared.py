"""Every model that keeps something of people says so, and what it says is so."""

import pytest
from django.contrib.auth import get_user_model
from django.db import models
from django.test.utils import isolate_apps

from accounts.models import Person
from core import privacy
from core.privacy import End, Nobody, Personal
from fellowships.models import Placement


def test_every_model_of_every_app_that_is_about_people_declares_it():
    assert privacy.undeclared() == []


def test_what_is_declared_names_what_is_there_and_why_something_stays():
    assert privacy.misdeclared() == []


def test_they_were_looked_at_at_all():
    labels = {model._meta.label for model, _each in privacy.kinds()}
    assert {"accounts.Person", "mou.Signature", "core.Message", "wagtailcore.Revision", "mfa.Authenticator"} <= labels
    assert len(labels) > 40


@pytest.fixture
def planted(monkeypatch):
    """Another model stands among those that there are."""

    def plant(**fields) -> list[str]:
        with isolate_apps():
            model = type(
                "Planted",
                (models.Model,),
                {"__module__": __name__, "Meta": type("Meta", (), {"app_label": "accounts"}), **fields},
            )
        there = privacy.models_there()
        monkeypatch.setattr(privacy, "models_there", lambda: [*there, model])
        return [*privacy.undeclared(), *privacy.misdeclared()]

    return plant


@pytest.mark.parametrize(
    "field",
    [
        models.EmailField(),
        models.GenericIPAddressField(),
        models.CharField(max_length=9),
        models.ForeignKey(get_user_model(), models.CASCADE, related_name="+"),
        models.ForeignKey(Person, models.PROTECT, related_name="+"),
        models.OneToOneField(Placement, models.PROTECT, related_name="+"),
    ],
    ids=lambda field: type(field).__name__,
)
def test_a_model_that_says_nothing_is_told_by_name(planted, field):
    assert planted(host_name=field) == ["accounts.Planted.host_name"]


def test_a_model_that_says_that_it_is_about_nobody_is_believed(planted):
    assert planted(host_name=models.CharField(max_length=9), personal=Nobody("Of a machine.")) == []


def test_a_declaration_of_what_is_not_there_is_told(planted):
    wrong = planted(
        host=models.ForeignKey(get_user_model(), models.CASCADE, related_name="+"),
        personal=Personal("Machines", ("host",), ("hots",), End.EMPTIED, "", {"title": ""}, files=("paper",)),
    )
    head = "accounts.Planted: Machines: "
    assert wrong == [f"{head}{each}" for each in ("title", "paper", "hots", "why?")]
