"""What is there so far, by the ids of the texts, and on which day the story is."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from accounts.models import Person, User
from core.demo import at
from partnerships.models import Organisation, Programme

TEXTS = Path(__file__).resolve().parent.parent / "texts" / "demo"
PROGRAMME = "Orvella Public Service Fellowship"
WHO = {
    "cora-lindqvarne": "programme coordinator",
    "ulrike-fenwold": "leads Orvella Bridgeworks and signs for the programme",
    "amir-talvane": "counsel of the Ministry of Public Health",
    "sofia-brandemoor": "signs for the Ministry of Public Health",
    "ines-varrenholt": "signs for the Orvella Revenue Office: one agreement waits",
    "hollis-adeyvere": "supervises fellows at the Ministry of Public Health",
    "wanjiru-stelmark": "receives work of fellows at the Ministry of Public Health",
    "kwabena-ristow": "answers for outputs of the hackathon at the Pell Uplands Water Board",
    "beatriz-omundsen": "leads Many Hands Lab, which organised the hackathon",
    "felix-arrowvale": "fellow",
    "saoirse-vanteller": "mentor of Felix Arrowvale: one placement is shared with her",
    "nora-hestwick": "auditor of Cohort 5, and of nothing else",
    "ottilie-marrowby": "finance of the programme",
    "maren-quillstead": "editor of the public pages",
    "esther-pellworth": "auditor of the programme",
    "bao-keldersen": "administrator of the site: opens programmes, looks after sign-ins",
    "otto-brackenrow": "an outsider with an account and no part in anything",
}


@dataclass
class Stage:
    """The organisations and people of the story. `today` is the day on which it is told."""

    today: date
    organisations: dict[str, Organisation] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    signatories: dict[str, User] = field(default_factory=dict)  # by organisation
    supervisors: dict[str, User] = field(default_factory=dict)
    officials: dict[str, User] = field(default_factory=dict)
    programme: Programme = field(init=False)

    def day(self, days: int) -> date:
        """So many days from today; the past is below zero."""
        return self.today + timedelta(days=days)

    def monday(self, days: int) -> date:
        """The Monday of that week."""
        day = self.day(days)
        return day - timedelta(days=day.weekday())

    def on(self, day: date, hour: int = 9) -> AbstractContextManager[None]:
        """What is done inside is done on that day. A day that has not come is today."""
        return at(datetime.combine(min(day, self.today), time(hour), UTC))

    def person(self, key: str) -> Person:
        found = self.users[key].person
        assert found is not None  # everybody here was made with one
        return found

    @property
    def cora(self) -> User:
        """Who runs the programme."""
        return self.users["cora-lindqvarne"]

    @property
    def ulrike(self) -> User:
        """Who signs for it."""
        return self.users["ulrike-fenwold"]


@lru_cache
def text(name: str) -> Any:
    """One of the shipped texts."""
    return yaml.safe_load((TEXTS / f"{name}.yaml").read_text())
