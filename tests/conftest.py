"""The cast and the database.

Cora coordinates the programme; Amir reviews, Sofia signs and Stella supervises at the agency; Nora leads the NGO that
signs for the programme; Felix is a fellow, placed at the agency; Otto signs for an organisation that has no part in it;
Carol is counsel with a share of one agreement; Rita has left the agency; Audrey audits the programme, Edna edits its
pages; Rooth is a superuser. Everybody signs in as `<name>@example.org` with PASSWORD.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import User
from core import triggers
from core.access import HOUSE
from fellowships import demo
from mou import actions as mou
from mou import demo as mou_demo
from mou.models import Agreement
from partnerships import actions as partnerships
from tests import testdb

PASSWORD = "correct horse battery staple"
PEOPLE = ("cora", "amir", "sofia", "stella", "nora", "felix", "otto", "carol", "rita", "audrey", "edna")

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a good one takes its time on purpose


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        testdb.prepare()
    yield
    with django_db_blocker.unblock():
        testdb.finish()


# A test that commits leaves its traces; Django would flush, we put the template back.
TransactionTestCase._fixture_teardown = lambda self: testdb.restore()


@pytest.fixture(autouse=True)
def where_it_belongs(request: pytest.FixtureRequest) -> None:
    """A test for PostgreSQL alone is deselected openly, with -m "not postgres_only": it never passes by being skipped."""
    if request.node.get_closest_marker("postgres_only") and connection.vendor != "postgresql":
        pytest.fail("needs PostgreSQL: python -m tests.postgres pytest ...")


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def quiet() -> Iterator[None]:
    """For a test that is refused thousands of times on purpose: the log of that is most of its time."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def tampering(db: None) -> Iterator[None]:
    """Lifts the triggers of the audit chain: only for a test that plays the intruder."""
    triggers.lift(connection, "core_event")
    yield
    triggers.guard(connection, "core_event", forgets=True)


def sign_in_for(name: str) -> User:
    """A person and their sign-in, for tests that need somebody beyond the cast."""
    person = accounts.add_person(name=name.title(), by=HOUSE)
    return accounts.open_sign_in(person=person, email=f"{name}@example.org", password=PASSWORD, by=HOUSE)


def build_cast() -> SimpleNamespace:
    """Everybody, their organisations and roles, and one cycle with a placement that nothing covers yet."""
    c = SimpleNamespace(**{name: sign_in_for(name) for name in PEOPLE})
    c.rooth = User.objects.create_superuser("rooth@example.org", PASSWORD)
    c.agency = partnerships.add_organisation(
        name="Agency",
        legal_basis="Agency Act, section 4",
        address="1 Quay Street",
        notice_email="law@agency.example",
        by=HOUSE,
    )
    c.ngo = partnerships.add_organisation(
        name="NGO",
        legal_form="association",
        registration="R-100",
        address="2 Bridge Street",
        notice_email="office@ngo.example",
        by=HOUSE,
    )
    c.elsewhere = partnerships.add_organisation(name="Elsewhere", by=HOUSE)
    c.programme = partnerships.open_programme(name="Open city", organisation=c.ngo, coordinator=c.cora.person, by=HOUSE)
    for user, role in [(c.audrey, "auditor"), (c.edna, "editor")]:
        partnerships.give_programme_role(programme=c.programme, person=user.person, role=role, by=HOUSE)
    for user, organisation, role in [
        (c.amir, c.agency, "reviewer"),
        (c.sofia, c.agency, "signatory"),
        (c.stella, c.agency, "supervisor"),
        (c.nora, c.ngo, "lead"),
        (c.nora, c.ngo, "signatory"),
        (c.otto, c.elsewhere, "signatory"),
    ]:
        partnerships.add_member(organisation=organisation, person=user.person, role=role, by=HOUSE)
    c.ritas = partnerships.add_member(organisation=c.agency, person=c.rita.person, role="signatory", by=HOUSE)
    partnerships.end_membership(membership=c.ritas, by=HOUSE)
    c.today = timezone.localdate()
    c.starts, c.ends = c.today + timedelta(days=30), c.today + timedelta(days=300)
    scene = demo.planned(c.programme, c.agency, c.felix.person, starts=c.starts, ends=c.ends, by=c.cora, name="First cycle")
    c.cycle, c.host, c.project, c.fellow, c.placement = (
        scene.cycle,
        scene.host,
        scene.project,
        scene.fellow,
        scene.placement,
    )
    return c


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    return build_cast()


@pytest.fixture
def ada(cast) -> User:
    """Administers the site, and has no part in a programme or an organisation."""
    user = sign_in_for("ada")
    accounts.give_site_role(person=user.person, role="administrator", by=HOUSE)
    return user


@pytest.fixture
def agreement_draft(cast) -> Agreement:
    """The host's agreement as drafted from the records, with blanks."""
    return demo.agreement_draft(cast.host, by=cast.cora)


@pytest.fixture
def agreement_ready(cast) -> Agreement:
    """A draft without a blank."""
    return demo.agreement_ready(cast.host, by=cast.cora)


@pytest.fixture
def agreement(cast) -> Agreement:
    """Out for signature between the agency and the NGO, and shared with Carol; nobody has signed."""
    made = demo.agreement_out(cast.host, by=cast.cora)
    mou.share_agreement(agreement=made, user=cast.carol, by=cast.cora)
    return made


@pytest.fixture
def agreement_in_force(cast, agreement) -> Agreement:
    """Signed by Sofia and Nora."""
    return mou_demo.sign(agreement, [cast.sofia, cast.nora])


@pytest.fixture
def agreements(cast) -> Callable[[int], list[Agreement]]:
    """Make so many more that are out, for tests of lists: they belong to no host."""

    def make(count: int) -> list[Agreement]:
        days = {"starts": cast.starts, "ends": cast.ends}
        drafts = [
            mou_demo.agreement_draft(cast.programme, cast.ngo, cast.agency, title=f"No. {n + 1}", by=cast.cora, **days)
            for n in range(count)
        ]
        return [mou_demo.send(draft, by=cast.cora) for draft in drafts]

    return make
