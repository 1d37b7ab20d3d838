"""Production refuses weak settings with a sentence each: the web server, the worker, the clock, commands that change things."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from config import settings as module
from core import checks
from tests.config.processes import STRONG, environment, free_port, get, gunicorn, run, running

PROVIDER = {"OIDC_ISSUER": "https://id.example.org", "OIDC_CLIENT_ID": "ground", "OIDC_CLIENT_SECRET": "secret"}
WEAK = {
    "no key": ({"SECRET_KEY": ""}, "core.E001"),
    "a short key": ({"SECRET_KEY": "0123456789abcdef"}, "core.E001"),
    "one letter many times": ({"SECRET_KEY": "a" * 80}, "core.E001"),
    "the key of a tutorial": ({"SECRET_KEY": "django-insecure-" + STRONG["SECRET_KEY"]}, "core.E001"),
    "debugging": ({"DEBUG": "1"}, "core.E002"),
    "no https": ({"BASE_URL": "http://ground.example.org"}, "core.E003"),
    "under a path": ({"BASE_URL": "https://example.org/ground"}, "core.E003"),
    "any host": ({"BASE_URL": "https://*"}, "core.E004"),
    "no host": ({"BASE_URL": "https://"}, "core.E004"),
    "an empty address": ({"BASE_URL": ""}, "core.E004"),
    "mail to files": ({"EMAIL_URL": ""}, "core.E005"),
    "mail to the screen": ({"EMAIL_URL": "consolemail://"}, "core.E005"),
    "mail to nobody": ({"EMAIL_URL": "dummymail://"}, "core.E005"),
    "mail that may hang": ({"EMAIL_TIMEOUT": "0"}, "core.E006"),
    "a mail password in the clear": ({"EMAIL_URL": "smtp://ground:secret@mail.example.org"}, "core.E007"),
    "SQLite that loses": ({"DATABASE_URL": "sqlite:////tmp/ground.sqlite3?transaction_mode=DEFERRED"}, "core.E008"),
    "SQLite in memory": ({"DATABASE_URL": "sqlite://:memory:"}, "core.E008"),
    "files beside the stylesheets": ({"STORAGE_URL": "file://{data}/static"}, "core.E009"),
    "files for everybody": ({"STORAGE_URL": "s3://key:secret@bucket?default_acl=public-read"}, "core.E009"),
    "files without a signature": ({"STORAGE_URL": "s3://key:secret@bucket?querystring_auth=false"}, "core.E009"),
    "a cache for each process": ({"CACHE_URL": "locmemcache://"}, "core.E010"),
    "no cache": ({"CACHE_URL": "dummycache://"}, "core.E010"),
    "a provider in the clear": ({**PROVIDER, "OIDC_ISSUER": "http://id.example.org"}, "core.E013"),
    "half a provider": ({**PROVIDER, "OIDC_CLIENT_SECRET": ""}, "core.E021"),
    "a secret for nobody": ({"OIDC_CLIENT_SECRET": "secret"}, "core.E021"),
    "a word that is none": ({**PROVIDER, "OIDC_SECOND_FACTOR": "true"}, "core.E022"),
}
PROCESSES: dict[str, Callable[[], list[str]]] = {
    "web": lambda: [*gunicorn(free_port()), "--workers", "1"],
    "worker": lambda: ["python", "manage.py", "db_worker", "--interval", "1"],
    "clock": lambda: ["python", "manage.py", "tick", "--every", "60"],
    "migrate": lambda: ["python", "manage.py", "migrate"],
    "demo": lambda: ["python", "manage.py", "demo"],
    "development server": lambda: ["python", "manage.py", "runserver", "--noreload", str(free_port())],
}


def with_data(settings: dict[str, str], data: Path) -> dict[str, str]:
    return {name: value.replace("{data}", str(data)) for name, value in settings.items()}


@pytest.mark.slow
@pytest.mark.parametrize("weak", WEAK)
def test_the_door_of_the_web_server_refuses(weak: str, tmp_path: Path) -> None:
    settings, expected = WEAK[weak]
    done = run("python", "-c", "import config.wsgi", data=tmp_path, **STRONG | with_data(settings, tmp_path))
    assert done.returncode == 3
    sentences = [line for line in done.stdout.splitlines() if line.startswith("core.E")]
    assert {line.split(":")[0] for line in sentences} >= {expected}
    assert "Traceback" not in done.stdout
    assert all(line.endswith(".") for line in sentences)


@pytest.mark.slow
@pytest.mark.parametrize("process", PROCESSES)
def test_does_not_start(process: str, tmp_path: Path) -> None:
    done = run(*PROCESSES[process](), data=tmp_path, **STRONG | {"EMAIL_URL": ""})
    assert done.returncode != 0
    assert "core.E005" in done.stdout
    assert "Applying" not in done.stdout


@pytest.mark.slow
def test_what_helps_still_runs(tmp_path: Path) -> None:
    """One has to be able to read the help and to get out of the trouble."""
    weak = STRONG | {"EMAIL_URL": ""}
    assert run("python", "manage.py", "help", "migrate", data=tmp_path, **weak).returncode == 0
    assert run("python", "manage.py", "shell", "-c", "print(1)", data=tmp_path, **weak).returncode == 0
    told = run("python", "manage.py", "check", data=tmp_path, **weak)
    assert told.returncode == 1
    assert "core.E005" in told.stdout


@pytest.mark.slow
def test_strong_settings_start_and_show_it(tmp_path: Path) -> None:
    port = free_port()
    env = environment(tmp_path, **STRONG)
    assert run("python", "manage.py", "migrate", "-v0", data=tmp_path, **STRONG).returncode == 0
    subprocess.run(["python", "manage.py", "collectstatic", "--noinput", "-v0"], cwd=module.BASE_DIR, env=env, check=True)
    with running(gunicorn(port), env=env, log=tmp_path / "log", port=port):
        plain, headers, _ = get(port, "/accounts/login/", Host="ground.example.org")
        assert (plain, headers["Location"]) == (301, "https://ground.example.org/accounts/login/")

        through = {"Host": "ground.example.org", "X_Forwarded_Proto": "https", "X_Forwarded_For": "192.0.2.7"}
        status, headers, _text = get(port, "/accounts/login/", **through)
        assert status == 200, (tmp_path / "log").read_text()
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        cookies = headers.get_all("Set-Cookie")
        assert [cookie.split("=")[0] for cookie in cookies] == ["__Host-csrf"]
        assert all("Secure" in cookie and "HttpOnly" in cookie and "Path=/" in cookie for cookie in cookies)
        assert all("Domain" not in cookie for cookie in cookies)

        stranger, _, _ = get(port, "/accounts/login/", **through | {"Host": "evil.example"})
        assert stranger == 400
        assert get(port, "/accounts/login/", X_Forwarded_Proto="https")[0] == 400  # not even as 127.0.0.1


def test_every_sentence_of_the_list_is_tried() -> None:
    tried = {expected for _settings, expected in WEAK.values()}
    from_the_file_alone = {"core.E011", "core.E012"}  # no variable leads there: the settings file would have to be changed
    everywhere = {"core.E021", "core.E022"}
    assert tried | from_the_file_alone == set(checks.PRODUCTION) | everywhere


def test_this_machine_itself_needs_nothing(settings) -> None:
    assert settings.PRODUCTION is False
    assert checks.production() == []


def test_half_a_provider_is_refused_on_this_machine_too(settings) -> None:
    assert checks.provider_is_whole() == []
    settings.OIDC_ISSUER, settings.OIDC_SECOND_FACTOR = "http://127.0.0.1:9", "perhaps"
    assert [message.id for message in checks.provider_is_whole()] == ["core.E021", "core.E022"]


@pytest.mark.parametrize(
    ("issuer", "weak"),
    [
        ("http://localhost:9", 0),
        ("https://id.example.org", 0),
        ("http://id.example.org", 1),
        ("http://localhost.example.org", 1),
        ("id.example.org", 1),
        ("", 0),
    ],
)
def test_a_provider_in_the_clear_is_one_of_this_machine(settings, issuer, weak) -> None:
    settings.OIDC_ISSUER = issuer
    assert len(list(checks.provider_is_private())) == weak


def test_the_settings_file_itself_is_watched(settings) -> None:
    settings.PRODUCTION = True
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    told = {message.id for message in checks.production()}
    assert {"core.E011", "core.E012"} <= told


def test_nobody_is_a_row(settings) -> None:
    settings.ANONYMOUS_USER_NAME = "AnonymousUser"
    assert [message.id for message in checks.nobody_is_a_user()] == ["core.E020"]


def test_a_missing_library_is_a_warning_with_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(checks.PDF_LIBRARIES, "libnowhere0", ("libnowhere.so.0",))
    [warning] = checks.pdfs()
    assert not warning.is_serious()
    assert warning.hint == "apt-get install libnowhere0"
