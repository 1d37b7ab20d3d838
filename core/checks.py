"""What production refuses to start with, one sentence each, and what a machine lacks. `refuse()` is for the web server."""

import ctypes
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

TAG = "start"
PDF_LIBRARIES = {  # Debian's package: the names under which a machine may have its library
    "libpango-1.0-0": ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    "libpangoft2-1.0-0": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    "libharfbuzz-subset0": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.dylib"),
}


def secret_key() -> Iterator[str]:
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's own answer to an empty one
        key = ""
    if len(key) < 50 or len(set(key)) < 10 or key.startswith("django-insecure-"):
        yield "SECRET_KEY must be a random text of 50 characters or more, for this installation alone."


def debug() -> Iterator[str]:
    if settings.DEBUG:
        yield "DEBUG must be off: its error pages show settings and data to anybody."


def base_url() -> Iterator[str]:
    parts = urlsplit(settings.BASE_URL)
    if parts.scheme != "https":
        yield "BASE_URL must begin with https://: without it passwords and sessions can be read on the way."
    if parts.path or parts.query or parts.username:
        yield "BASE_URL must be scheme and host alone: there is no place for it under a path."


def allowed_hosts() -> Iterator[str]:
    hosts = settings.ALLOWED_HOSTS
    if not hosts or any("*" in host or host.startswith(".") for host in hosts):
        yield "ALLOWED_HOSTS must name one host: BASE_URL has to be an address like https://ground.example.org."


def mail_leaves() -> Iterator[str]:
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        yield "EMAIL_URL must be an smtp+tls:// or smtp+ssl:// address: mail to a file or a screen reaches nobody."


def mail_ends() -> Iterator[str]:
    if not settings.EMAIL_TIMEOUT or settings.EMAIL_TIMEOUT > 60:
        yield "EMAIL_TIMEOUT must be 1 to 60 seconds: a mail server that does not answer would stop the worker."


def mail_is_private() -> Iterator[str]:
    plain = not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL)
    if plain and settings.EMAIL_HOST_PASSWORD:
        yield "EMAIL_URL must be smtp+tls:// or smtp+ssl:// when it has a password: smtp:// sends it for all to read."


def sqlite_is_immediate() -> Iterator[str]:
    for database in settings.DATABASES.values():
        if not database["ENGINE"].endswith("sqlite3"):
            continue
        if str(database.get("OPTIONS", {}).get("transaction_mode", "")).upper() not in ("IMMEDIATE", "EXCLUSIVE"):
            yield "SQLite must run with transaction_mode=IMMEDIATE: otherwise two people who save at once lose an answer."
        if ":memory:" in str(database["NAME"]):
            yield "DATABASE_URL must name a file or a server: a database in memory is gone with its process."


def files_are_private() -> Iterator[str]:
    served = Path(settings.STATIC_ROOT).resolve()
    for alias in ("default", "renditions"):
        options: dict[str, Any] = settings.STORAGES[alias].get("OPTIONS", {})
        folder = Path(options["location"]).resolve() if "bucket_name" not in options else None
        open_folder = folder is not None and (folder.is_relative_to(served) or served.is_relative_to(folder))
        open_bucket = str(options.get("default_acl") or "").startswith("public") or options.get("querystring_auth") is False
        if open_folder or open_bucket:
            yield f"STORAGE_URL must not lead to a public place ({alias}): files go out through the checks of a page alone."


def cache_is_shared() -> Iterator[str]:
    if settings.CACHES["default"]["BACKEND"].rpartition(".")[2] in ("LocMemCache", "DummyCache"):
        yield "CACHE_URL must name a cache that all processes share: limits on sign-in are counted in it."


def jobs_wait() -> Iterator[str]:
    if settings.TASKS["default"]["BACKEND"] != "django_tasks_db.DatabaseBackend":
        yield "TASKS must be kept in the database: an immediate backend runs a job inside the open transaction."


def cookies_are_safe() -> Iterator[str]:
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE and settings.SECURE_HSTS_SECONDS):
        yield "Cookies must be secure and HSTS on: the settings file was changed."


def provider_is_private() -> Iterator[str]:
    parts = urlsplit(settings.OIDC_ISSUER)
    here = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    if settings.OIDC_ISSUER and parts.scheme != "https" and not here:
        yield "OIDC_ISSUER must begin with https://: without it anybody on the way signs in as whom they like."


PRODUCTION: dict[str, Callable[[], Iterator[str]]] = {
    "core.E001": secret_key,
    "core.E002": debug,
    "core.E003": base_url,
    "core.E004": allowed_hosts,
    "core.E005": mail_leaves,
    "core.E006": mail_ends,
    "core.E007": mail_is_private,
    "core.E008": sqlite_is_immediate,
    "core.E009": files_are_private,
    "core.E010": cache_is_shared,
    "core.E011": jobs_wait,
    "core.E012": cookies_are_safe,
    "core.E013": provider_is_private,
}


@checks.register(TAG)
def production(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Nothing to say while BASE_URL is this machine itself."""
    if not settings.PRODUCTION:
        return []
    return [checks.Error(sentence, id=id) for id, weak in PRODUCTION.items() for sentence in weak()]


@checks.register(TAG)
def nobody_is_a_user(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """guardian would make a row for "nobody": one stray grant to it and every visitor has it."""
    if settings.ANONYMOUS_USER_NAME is None:
        return []
    return [checks.Error("ANONYMOUS_USER_NAME must be None.", id="core.E020")]


@checks.register(TAG)
def provider_is_whole(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """On every installation: half of single sign-on would be a button that leads nowhere, or a door that is not as meant."""
    named = (settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)
    found: list[checks.CheckMessage] = []
    if any(named) and not all(named):
        sentence = "OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong together: name all three, or none."
        found.append(checks.Error(sentence, id="core.E021"))
    if settings.OIDC_SECOND_FACTOR not in ("no", "yes", "always"):
        found.append(checks.Error("OIDC_SECOND_FACTOR must be no, yes or always.", id="core.E022"))
    return found


def missing_pdf_libraries() -> list[str]:
    """Debian's packages of what WeasyPrint loads and this machine lacks."""

    def there(names: tuple[str, ...]) -> bool:
        for name in names:
            try:
                ctypes.CDLL(name)
            except OSError:
                continue
            return True
        return False

    return [package for package, names in PDF_LIBRARIES.items() if not there(names)]


@checks.register(TAG)
def pdfs(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A warning: everything but PDFs works."""
    missing = missing_pdf_libraries()
    if not missing:
        return []
    return [checks.Warning("No PDF can be made here.", hint=f"apt-get install {' '.join(missing)}", id="core.W001")]


def refuse() -> None:
    """End the process, with every sentence on stderr, if it may not start. gunicorn itself asks no system check."""
    weak = [message for message in checks.run_checks(tags=[TAG]) if message.is_serious()]
    for message in weak:
        print(f"{message.id}: {message.msg}", file=sys.stderr)
    if weak:
        print("Common Ground does not start with these settings; see docs/operate.md.", file=sys.stderr)
        sys.stderr.flush()
        sys.exit(3)  # what gunicorn calls a failed boot: it ends instead of trying again
