"""The demo: the invented Republic of Orvella and three cycles of its fellowship, built through the apps' own actions.

What happened before today happened on its day: the clock of this process is set to it, so that every record and every line
of the chain says so. `today` moves all of it.
"""

from datetime import date

from accounts.models import User
from cms.demo import cohorts, events, people, shares, stories
from cms.demo.stage import PROGRAMME, WHO, Stage, text
from core.action import action
from core.demo import Demo, SignIn
from partnerships.models import Programme

__all__ = ["DEMO", "PROGRAMME", "WHO", "build", "who"]


@action
def build(today: date) -> bool:
    """Everything in one transaction; False when it is there already, whatever its records are called by now."""
    people_of_ours = [row["email"] for row in text("people")["people"]]
    if Programme.objects.filter(name=PROGRAMME).exists() or User.objects.filter(email__in=people_of_ours).exists():
        return False
    stage = Stage(today)
    people.register(stage)
    cycles = cohorts.archived(stage)
    cycles[cohorts.LAST] = cohorts.last(stage)
    events.hackathon(stage)
    running = cohorts.running(stage)
    cohorts.coming(stage)
    shares.given(stage, running)
    stories.publish(stage, cycles)
    return True


def who() -> list[SignIn]:
    """The people worth signing in as."""
    emails = {row["id"]: row["email"] for row in [*text("people")["people"], *text("people")["fellows"]]}
    users = {user.email: user for user in User.objects.filter(email__in=emails.values()).select_related("person")}
    found = [(users.get(emails[key]), role) for key, role in WHO.items()]
    return [SignIn(user.email, user.get_full_name(), role) for user, role in found if user is not None]


DEMO = Demo(build, who)
