"""What the environment makes of the settings; the switch between this machine and production."""

import re
import stat
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.urls import Resolver404, resolve

from config import settings as module
from tests.config.processes import OURS, ROOT, STRONG, python, run

OPERATE = ROOT / "docs" / "operate.md"


def read_in_settings() -> set[str]:
    return set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', (ROOT / "config" / "settings.py").read_text()))


def described(text: str) -> dict[str, str]:
    """{variable: its meaning | its default} of the table in docs/operate.md."""
    return dict(re.findall(r"^\| `([A-Z_]+)` \| (.+) \|$", text, re.MULTILINE))


def test_every_variable_is_described_with_its_default() -> None:
    rows = described(OPERATE.read_text())
    assert set(rows) >= read_in_settings()
    assert all(len([cell for cell in row.split("|") if cell.strip()]) == 2 for row in rows.values())
    assert read_in_settings() - set(described(OPERATE.read_text().replace("| `TIME_ZONE` |", "|"))) == {"TIME_ZONE"}


def test_every_sentence_of_a_refusal_is_described() -> None:
    named = set(re.findall(r"core\.[EW]\d{3}", OPERATE.read_text()))
    assert named == set(re.findall(r"core\.[EW]\d{3}", (ROOT / "core" / "checks.py").read_text()))


def test_processes_of_tests_forget_every_variable_of_ours() -> None:
    assert set(OURS) >= read_in_settings()
    unset = (ROOT / "script" / "test").read_text().split("unset ", 1)[1].split("\n\n")[0]
    assert set(re.findall(r"[A-Z_]+", unset)) >= read_in_settings()


@pytest.mark.parametrize(
    ("host", "itself"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("ground.localhost", True),
        ("0.0.0.0", False),  # every address of the machine, so not this machine alone
        ("192.168.1.5", False),
        ("localhost.example.org", False),
        ("example.org", False),
        ("", False),
        (None, False),
    ],
)
def test_only_a_name_for_this_machine_is_not_production(host: str | None, itself: bool) -> None:
    assert module.is_loopback(host) is itself


@pytest.mark.slow
def test_no_environment_is_the_demo_on_this_machine(tmp_path: Path) -> None:
    told = python(
        "from django.conf import settings as s; print(s.PRODUCTION, s.DEMO, s.DEBUG, s.BASE_URL, *s.ALLOWED_HOSTS)", data=tmp_path
    )
    assert told == "False True False http://127.0.0.1:8000 127.0.0.1 localhost [::1] .localhost"


@pytest.mark.slow
def test_with_a_server_for_its_data_it_is_no_demo(tmp_path: Path) -> None:
    told = python("from django.conf import settings as s; print(s.DEMO)", data=tmp_path, DATABASE_URL="postgresql://db/ground")
    assert told == "False"


@pytest.mark.slow
def test_hosts_and_origins_come_from_the_address(tmp_path: Path) -> None:
    told = python(
        "from django.conf import settings as s; print(s.PRODUCTION, s.DEMO, s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS,"
        " s.WAGTAILADMIN_BASE_URL, s.DEFAULT_FROM_EMAIL, s.ALLAUTH_TRUSTED_PROXY_COUNT)",
        data=tmp_path,
        **STRONG | {"BASE_URL": "https://ground.example.org/"},
    )
    origin = "https://ground.example.org"
    sender = "Common Ground <noreply@ground.example.org>"
    assert told == f"True False ['ground.example.org'] ['{origin}'] {origin} {sender} 1"


@pytest.mark.slow
def test_the_key_of_this_machine_is_made_once_for_one_pair_of_eyes(tmp_path: Path) -> None:
    keys = {python("from django.conf import settings as s; print(s.SECRET_KEY)", data=tmp_path) for _ in range(2)}
    assert len(keys) == 1
    assert len(keys.pop()) > 80
    kept = tmp_path / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if "secret" in path.name] == ["secret_key"]


def test_processes_that_start_together_end_with_one_key(tmp_path: Path) -> None:
    (tmp_path / "secret_key").unlink(missing_ok=True)
    made = {module.local_secret(tmp_path / "secret_key") for _ in range(3)}
    assert len(made) == 1


@pytest.mark.slow
def test_production_makes_no_key_of_its_own(tmp_path: Path) -> None:
    done = run("python", "manage.py", "check", data=tmp_path, **STRONG | {"SECRET_KEY": ""})
    assert "core.E001" in done.stdout
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.slow
def test_sqlite_takes_the_lock_first_and_loses_nothing(tmp_path: Path) -> None:
    for url in ("", f"sqlite:///{tmp_path}/other.sqlite3"):
        told = python(
            "from django.db import connection as c\n"
            "with c.cursor() as cursor:\n"
            "  for name in ('journal_mode', 'synchronous', 'foreign_keys'):\n"
            "    cursor.execute(f'PRAGMA {name}'); print(cursor.fetchone()[0], end=' ')\n"
            "print(c.transaction_mode, c.settings_dict['ATOMIC_REQUESTS'], c.settings_dict['CONN_MAX_AGE'])",
            data=tmp_path,
            DATABASE_URL=url,
        )
        assert told == "wal 2 1 IMMEDIATE False 60"


@pytest.mark.parametrize("url", ["mysql://root@db/ground", "oracle://db/ground"])
def test_other_databases_are_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(module.ImproperlyConfigured, match="DATABASE_URL must be"):
        module.database(url)


@pytest.mark.parametrize("url", ["gs://bucket", "s3://", "/srv/files", "bucket"])
def test_other_stores_are_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(module.ImproperlyConfigured, match="STORAGE_URL must be"):
        module.storage(url, folder="files")


def test_a_key_of_the_store_may_hold_any_character() -> None:
    made = module.storage("s3://AK%2FIA:se%2Bcret%40@my-Bucket?endpoint_url=http://s3.test:9000&region=eu-1", folder="files")
    options = made["OPTIONS"]
    assert (options["access_key"], options["secret_key"], options["bucket_name"]) == ("AK/IA", "se+cret@", "my-Bucket")
    assert (options["endpoint_url"], options["region_name"], options["location"]) == ("http://s3.test:9000", "eu-1", "files")


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "ssl"),
    [
        ("smtp+tls://u:p%40ss@mail.example.org", "mail.example.org", 587, True, False),
        ("smtps://u:p%40ss@mail.example.org:2525", "mail.example.org", 2525, True, False),
        ("smtp+ssl://u:p%40ss@mail.example.org", "mail.example.org", 465, False, True),
        ("smtp://mail.example.org", "mail.example.org", 25, False, False),
    ],
)
def test_mail_addresses_of_servers(url: str, host: str, port: int, tls: bool, ssl: bool) -> None:
    made = module.email(url)
    assert (made["EMAIL_HOST"], made["EMAIL_PORT"]) == (host, port)
    assert (made.get("EMAIL_USE_TLS", False), made.get("EMAIL_USE_SSL", False)) == (tls, ssl)
    assert made.get("EMAIL_HOST_PASSWORD", "p@ss") == "p@ss"


def test_what_is_uploaded_has_no_address() -> None:
    """Files of the default store are handed out by views that check: nothing but Wagtail's last route, for pages, is there."""
    for address in (default_storage.url("ab/abc.pdf"), "/files/ab/abc.pdf", "/media/ab/abc.pdf", "/media/original_images/a.png"):
        try:
            assert resolve(address).url_name == "wagtail_serve"
        except Resolver404:
            continue


@pytest.mark.slow
def test_data_is_for_its_owner(tmp_path: Path) -> None:
    data = tmp_path / "fresh"
    python("from django.core.files.storage import default_storage as s; from django.core.files.base import ContentFile as C\n"
           "s.save('a/b.txt', C(b'x'))", data=data)  # fmt: skip
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "files" / "a" / "b.txt").stat().st_mode) == 0o600
