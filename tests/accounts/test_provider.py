"""Single sign-on with npm's oidc-provider as a process: who comes in, who does not, and what is asked of whom."""

import time
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import Person, User
from core.access import HOUSE
from mou.models import Signature
from tests.accounts.provider import BEGIN, CLIENT, NAME, RETURN, SECRET, Provider, Visitor
from tests.accounts.steps import SECOND, inside, password, with_app
from tests.conftest import sign_in_for
from tests.reading import buttons, page, problems, soup, title

pytestmark = pytest.mark.slow
DOWN = f"{NAME} does not answer at the moment. Use your password, or try again in a few minutes."
SPENT = (
    f"This answer of {NAME} was used already, or it belongs to another browser, or the way in began more than ten minutes ago. "
    "Begin again."
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.kill()


def told(settings, provider: Provider) -> None:
    settings.OIDC_ISSUER, settings.OIDC_NAME = provider.issuer, NAME
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT, SECRET


@pytest.fixture
def provider(shared: Provider, settings) -> Provider:
    told(settings, shared)
    return shared


@pytest.fixture
def own(settings) -> Iterator[Provider]:
    """One that may be killed."""
    provider = Provider()
    told(settings, provider)
    yield provider
    provider.kill()


@pytest.fixture
def nora(db) -> User:
    return sign_in_for("nora")


def refused(answer, sentence: str, status: int = 403) -> bool:
    """A page that says it, and nobody is signed in."""
    assert (answer.status_code, soup(answer).select_one(".refusal .lede").text.strip()) == (status, sentence)
    return "_auth_user_id" not in answer.client.session


# ------------------------------------------------------------------------------------------------- coming in


def test_the_button_leads_there_and_back_and_nothing_is_stored_but_the_session(provider, nora):
    visitor = Visitor()
    assert f"Sign in with {NAME}" in buttons(visitor.client.get("/accounts/login/"))
    before = User.objects.count(), Person.objects.count()
    answer = visitor.come_in()
    assert (answer.status_code, answer["Location"]) == (302, "/desk/") and inside(visitor.client)
    assert visitor.client.session["_auth_user_id"] == str(nora.pk)
    assert (User.objects.count(), Person.objects.count()) == before
    assert [model.objects.count() for model in (SocialAccount, SocialApp, SocialToken)] == [0, 0, 0]
    assert password(Client(), nora).status_code == 302  # the password is as it was


def test_it_is_asked_for_the_address_alone_with_state_nonce_and_pkce_under_our_own_name(provider, nora, settings):
    settings.ALLOWED_HOSTS = ["*"]
    visitor = Visitor(client=Client(headers={"host": "evil.example"}))
    ways = [parse_qs(urlsplit(visitor.begin()).query) for _way in range(2)]
    for asked in ways:
        assert set(asked["scope"][0].split()) == {"openid", "email"} and asked["response_type"] == ["code"]
        assert asked["redirect_uri"] == [f"http://127.0.0.1:8000{RETURN}"] and asked["code_challenge_method"] == ["S256"]
        assert "prompt" not in asked and "login_hint" not in asked
    for name in ("state", "nonce", "code_challenge"):
        assert ways[0][name] != ways[1][name] and len(ways[0][name][0]) >= 32


def test_who_was_going_somewhere_is_led_there_and_nowhere_else(provider, nora):
    assert Visitor().come_in("/desk/messages/")["Location"] == "/desk/messages/"
    for evil in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        assert Visitor().come_in(evil)["Location"] == "/desk/"


def test_capitals_do_not_matter_and_the_session_is_a_new_one(provider, nora):
    visitor = Visitor("Nora@Example.ORG")
    back = visitor.go(visitor.begin())
    before = visitor.client.session.session_key
    visitor.client.get(back)
    assert inside(visitor.client) and visitor.client.session.session_key != before
    assert "known" in visitor.client.cookies


def test_it_is_begun_by_a_form_of_ours_alone(provider, db):
    assert Client().get(BEGIN).status_code == 405
    assert Client(enforce_csrf_checks=True).post(BEGIN).status_code == 403
    assert Client().post(RETURN).status_code == 405


def test_where_there_is_no_provider_there_is_no_button_and_no_way(client, db):
    assert buttons(client.get("/accounts/login/")) == ["Sign in"]
    assert client.post(BEGIN).status_code == client.get(RETURN).status_code == 404


def test_a_superuser_comes_in_as_well(provider, cast):
    assert Visitor(cast.rooth.email).come_in()["Location"] == "/desk/"


# ------------------------------------------------------------------------------------------------- staying out


def test_an_address_that_is_not_verified_opens_nothing_and_hears_the_same_whether_it_is_known(provider, nora):
    sentence = f"{NAME} has not verified your address, so it opens nothing here. Have it verified there."
    assert refused(Visitor("nora+unverified@example.org").come_in(), sentence)
    assert refused(Visitor("ghost+unverified@example.org").come_in(), sentence)


def test_unknown_and_deactivated_stay_out_hear_the_same_and_nobody_is_created(provider, nora):
    actions.deactivate_sign_in(person=nora.person, reason="Left.", by=HOUSE)
    for email in ("nora@example.org", "ghost@example.org"):
        sentence = f"No open sign-in here has the address {email}. Who gives you a role enters it: ask whom you work with."
        assert refused(Visitor(email).come_in(), sentence)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "alike", ["mi\u212ae@example.org", "mıke@example.org", "ｍike@example.org", "mike@example.org.", "'%(name)s'@x.y"]
)
def test_an_address_that_only_looks_like_it_is_somebody_else_s(provider, db, alike):
    sign_in_for("mike")
    assert "No open sign-in here has the address" in page(Visitor(alike).come_in())


def test_a_provider_is_believed_about_the_domains_that_are_named(provider, nora, settings):
    settings.OIDC_DOMAINS = ["agency.example"]
    sentence = f"{NAME} is not asked here about addresses like yours. Sign in with your password."
    assert refused(Visitor().come_in(), sentence)
    settings.OIDC_DOMAINS = ["agency.example", "example.org"]
    assert Visitor().come_in()["Location"] == "/desk/"


def test_an_answer_counts_once_in_the_browser_that_asked_and_for_ten_minutes(provider, nora):
    visitor, stranger = Visitor(), Visitor("otto@example.org")
    back = visitor.go(visitor.begin())
    assert refused(stranger.client.get(back), SPENT)  # crossed: a link that somebody sends, to sign others in as themselves
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert refused(visitor.client.get(back), SPENT)
    back = visitor.go(visitor.begin())
    assert visitor.client.get(back).status_code == 302
    visitor.client.post("/accounts/logout/")
    assert refused(visitor.client.get(back), SPENT)
    assert refused(visitor.client.get(RETURN), SPENT) and refused(visitor.client.get(f"{RETURN}?state=x&code=y"), SPENT)


def test_a_code_of_one_way_in_does_not_end_another(provider, nora):
    """Both are this browser's: only the secret of PKCE, the state and the nonce tell them apart."""
    visitor = Visitor()
    first, second = (parse_qs(urlsplit(visitor.go(visitor.begin())).query) for _way in range(2))
    answer = visitor.client.get(RETURN, {"state": second["state"][0], "code": first["code"][0], "iss": first["iss"][0]})
    assert refused(answer, f"What {NAME} answered does not fit, so nobody was let in. Try again, or use your password.")


def test_an_answer_in_the_name_of_another_provider_is_refused(provider, nora):
    visitor = Visitor()
    back = visitor.go(visitor.begin()).replace(f"{provider.port}", "1")
    assert refused(
        visitor.client.get(back), f"What {NAME} answered does not fit, so nobody was let in. Try again, or use your password."
    )


def test_who_cancels_there_is_told_so(provider, nora):
    assert refused(Visitor().come_in(cancel=True), f"{NAME} did not let you in, or you did not agree to it there.")


def test_a_wrong_secret_lets_nobody_in(provider, nora, settings):
    settings.OIDC_CLIENT_SECRET = "another"
    assert refused(
        Visitor().come_in(), f"What {NAME} answered does not fit, so nobody was let in. Try again, or use your password."
    )


def test_thirty_beginnings_a_minute_from_one_place_are_enough(client, db, settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"  # nobody listens
    assert [client.post(BEGIN).status_code for _try in range(31)] == [503] * 30 + [429]


# ------------------------------------------------------------------------------------------------- when it is away


def test_a_provider_that_is_down_is_said_and_the_password_still_opens(own, nora):
    visitor = Visitor()
    own.kill()
    assert refused(visitor.client.post(BEGIN), DOWN, 503)
    assert password(visitor.client, nora)["Location"] == "/desk/"


def test_killed_while_somebody_is_there_it_lets_nobody_in_and_the_password_still_opens(own, nora):
    visitor = Visitor()
    back = visitor.go(visitor.begin())
    own.kill()
    assert refused(visitor.client.get(back), DOWN, 503)
    assert refused(visitor.client.get(back), SPENT)  # and the way in is spent
    assert password(visitor.client, nora)["Location"] == "/desk/" and inside(visitor.client)


def test_one_that_listens_and_says_nothing_is_waited_for_only_so_long(own, nora, settings):
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 1
    visitor = Visitor()
    own.process.send_signal(19)  # SIGSTOP
    began = time.monotonic()
    assert refused(visitor.client.post(BEGIN), DOWN, 503)
    assert time.monotonic() - began < 10


# ------------------------------------------------------------------------------------------------- the second step


@pytest.mark.parametrize(
    ("believed", "second", "asked"),
    [("no", False, True), ("no", True, True), ("yes", False, True), ("yes", True, False), ("always", False, False)],
)
def test_who_has_a_second_step_here_is_asked_for_it_unless_the_provider_is_believed(
    provider, nora, settings, believed, second, asked
):
    settings.OIDC_SECOND_FACTOR = believed
    app, visitor = with_app(nora), Visitor()
    answer = visitor.come_in(second=second)
    assert answer["Location"] == (SECOND if asked else "/desk/") and inside(visitor.client) is not asked
    if asked:
        assert visitor.client.post(SECOND, {"code": app.wrong}).status_code == 200 and not inside(visitor.client)
        assert visitor.client.post(SECOND, {"code": app.code()})["Location"] == "/desk/" and inside(visitor.client)


@pytest.mark.parametrize(
    ("believed", "second", "opens"), [("no", True, False), ("yes", False, False), ("yes", True, True), ("always", False, True)]
)
def test_who_acts_for_others_and_has_none_is_led_to_set_one_up_unless_it_was_taken_there(
    provider, cast, settings, believed, second, opens
):
    settings.SECOND_FACTOR, settings.OIDC_SECOND_FACTOR = "demanded", believed
    visitor = Visitor(cast.sofia.email)
    visitor.come_in(second=second)
    answer = visitor.client.get("/desk/")
    assert (answer.status_code == 200) is opens
    assert opens or urlsplit(answer["Location"]).path == "/accounts/second-step/"


def test_where_somebody_was_going_lasts_through_the_second_step(provider, nora):
    app, visitor = with_app(nora), Visitor()
    visitor.come_in("/desk/messages/")
    assert visitor.client.post(SECOND, {"code": app.code()})["Location"] == "/desk/messages/"


# ------------------------------------------------------------------------------------------------- a fresh look

CONFIRM = "/accounts/confirm/"


def long_ago(client: Client) -> None:
    """Whoever is in this session proved who they are eleven minutes ago."""
    session = client.session
    session["proved_at"] -= 11 * 60
    session.save()


@pytest.fixture
def sofia(provider, cast, agreement) -> Visitor:
    """Came in at the provider, eleven minutes ago, and has no password here."""
    cast.sofia.set_unusable_password()
    cast.sofia.save()
    visitor = Visitor(cast.sofia.email)
    visitor.come_in()
    long_ago(visitor.client)
    visitor.sign = f"/desk/agreements/{agreement.ref}/sign/"
    visitor.answers = {"consent": "on", "shown": agreement.version().sha256}
    return visitor


def test_who_has_no_password_confirms_at_the_provider_which_asks_anew(sofia):
    answer = sofia.client.get(sofia.sign, follow=True)
    assert title(answer).startswith("Confirm that it is you") and not soup(answer).select("main input:not([type=hidden])")
    assert buttons(answer) == [f"Confirm with {NAME}"]
    way = sofia.begin(sofia.sign)
    asked = parse_qs(urlsplit(way).query)
    assert (asked["prompt"], asked["max_age"], asked["login_hint"]) == (["login"], ["0"], ["sofia@example.org"])
    assert sofia.client.get(sofia.go(way))["Location"] == sofia.sign and sofia.hint == "sofia@example.org"
    assert sofia.client.get(sofia.sign).status_code == 200
    assert sofia.client.post(sofia.sign, sofia.answers).status_code == 302 and Signature.objects.count() == 1


def test_what_was_typed_too_late_waits_in_the_page_while_another_tab_confirms(sofia):
    answer = sofia.client.post(sofia.sign, sofia.answers)
    assert answer.status_code == 422 and "What you typed is kept in this page." in page(answer)
    elsewhere, here = soup(answer).select("main form")
    assert (elsewhere["target"], elsewhere["action"]) == ("_blank", f"{BEGIN}?next=/accounts/confirm/done/")
    kept = {each["name"]: each["value"] for each in here.select("input[type=hidden]") if each["name"] != "csrfmiddlewaretoken"}
    assert kept == sofia.answers
    early = sofia.client.post(sofia.sign, kept | {"again-done": "yes"})
    assert problems(early) == [f"{NAME} has not confirmed it yet."] and Signature.objects.count() == 0
    done = sofia.client.get(sofia.go(sofia.begin("/accounts/confirm/done/")), follow=True)
    assert title(done).startswith("Confirmed")
    assert sofia.client.post(sofia.sign, kept | {"again-done": "yes"}).status_code == 302 and Signature.objects.count() == 1


def test_somebody_else_s_account_there_confirms_nothing(sofia):
    """Somebody found the browser open, and has an account at the provider as well."""
    otto = Visitor("otto@example.org", sofia.client)
    answer = otto.client.get(otto.go(otto.begin(sofia.sign)))
    sentence = f"At {NAME} you are somebody else than here. Sign in there with the address that you have here."
    assert (answer.status_code, soup(answer).select_one(".refusal .lede").text.strip()) == (403, sentence)
    assert sofia.client.get(sofia.sign)["Location"].startswith(CONFIRM) and inside(sofia.client)


def test_a_session_that_stands_open_there_is_no_fresh_look(provider, nora):
    """One click opens a session here, and proves no more than that a browser was left open since then."""
    visitor = Visitor()
    visitor.come_in()
    proved = visitor.client.session["proved_at"]
    time.sleep(2)
    visitor.client.post("/accounts/logout/")
    visitor.come_in()
    assert visitor.client.session["proved_at"] == proved


def test_an_answer_to_a_way_in_confirms_nothing(sofia, provider):
    """The address of the return, begun before somebody signed in, is of the session before that."""
    other = Visitor("sofia@example.org")
    back = other.go(other.begin())
    assert sofia.client.get(back).status_code == 403
    assert sofia.client.get(sofia.sign)["Location"].startswith(CONFIRM)


def test_who_has_a_password_may_use_either(provider, nora):
    visitor = Visitor()
    visitor.come_in()
    long_ago(visitor.client)
    answer = visitor.client.get(CONFIRM)
    assert (
        buttons(answer) == ["Confirm and go on", f"Confirm with {NAME}"]
        and len(soup(answer).select("main input[type=password]")) == 1
    )
