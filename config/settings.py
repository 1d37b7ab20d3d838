"""The one settings file: everything is read from the environment, docs/operate.md describes each variable.

The address is the switch. While BASE_URL names this machine itself (127.0.0.1, localhost) the installation is local:
it answers to no other name and needs nothing. Any other BASE_URL makes it production, which refuses to start on weak
settings (core/checks.py).
"""

import atexit
import ipaddress
import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import environ
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def is_loopback(host: str | None) -> bool:
    """Whether a host name can only mean this machine itself."""
    if not host:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


# ---------------------------------------------------------------------------------------------------- the switch

BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
HOST = urlsplit(BASE_URL).hostname
PRODUCTION = not is_loopback(HOST)
TESTING = "pytest" in sys.modules
DEBUG = env.bool("DEBUG", default=False)
# The demo shows its mails at the desk and says who can sign in: only where nothing but this machine reaches it.
DEMO = not PRODUCTION and not env.str("DATABASE_URL", default="")
ALLOWED_HOSTS = ([HOST] if HOST else []) if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", ".localhost"]
CSRF_TRUSTED_ORIGINS = [BASE_URL] if PRODUCTION and HOST else []

# ---------------------------------------------------------------------------------------------------- local data

if TESTING:
    DATA_DIR = Path(tempfile.mkdtemp(prefix="commonground-test-"))
    atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
else:
    DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / "var").absolute()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)


def local_secret(path: Path) -> str:
    """The local installation's own key, made once. Two processes that start together end with the same key."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY and not PRODUCTION:
    SECRET_KEY = local_secret(DATA_DIR / "secret_key")

# ---------------------------------------------------------------------------------------------------- database

SQLITE = {
    # IMMEDIATE: a transaction takes the write lock when it opens, or four writers fail with "database is locked".
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}
POSTGRES = {
    # A forgotten query, lock or open transaction ends instead of holding everybody up. Milliseconds.
    "options": "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000",
}


def database(url: str) -> dict[str, Any]:
    """Shapes: "" (SQLite in DATA_DIR), sqlite:////absolute/file, postgresql://user:password@host:port/name?sslmode=require."""
    here = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "db.sqlite3")}
    config = env.db_url_config(url) if url else here
    ours = {"django.db.backends.sqlite3": SQLITE, "django.db.backends.postgresql": POSTGRES}.get(config["ENGINE"])
    if ours is None:
        raise ImproperlyConfigured("DATABASE_URL must be a postgresql:// or sqlite:/// address.")
    config["OPTIONS"] = ours | config.get("OPTIONS", {})
    # Transactions belong to actions; around every request they would make each page a writer on SQLite.
    return config | {"ATOMIC_REQUESTS": False, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


DATABASES = {"default": database(env.str("DATABASE_URL", default=""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---------------------------------------------------------------------------------------------------- cache


def cache(url: str) -> dict[str, Any]:
    """Shapes: "" (files in DATA_DIR, shared by every process of this machine) or redis://host:6379/0."""
    if url:
        config = env.cache_url_config(url)
        if config["BACKEND"].endswith("RedisCache"):
            config["OPTIONS"] = {"socket_connect_timeout": 2, "socket_timeout": 5} | config.get("OPTIONS", {})
    elif TESTING:
        config = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    else:
        # Not the database: a cached page must cost no query, and on SQLite every counter would wait for the write lock.
        config = {
            "BACKEND": "config.caches.SharedFiles",
            "LOCATION": str(DATA_DIR / "cache"),
            "OPTIONS": {"MAX_ENTRIES": 10_000},
        }
    return {"KEY_PREFIX": "commonground"} | config


CACHES = {"default": cache(env.str("CACHE_URL", default=""))}

# ---------------------------------------------------------------------------------------------------- files


def storage(url: str, *, folder: str, **local: Any) -> dict[str, Any]:
    """Shapes: "" (DATA_DIR/folder), file:///absolute (that/folder), s3://key:secret@bucket?endpoint_url=…&region=…"""
    parts = urlsplit(url)
    if not url or parts.scheme == "file":
        root = Path(unquote(parts.path)) if url else DATA_DIR
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(root / folder), "base_url": f"/{folder}/"} | local,
        }
    if parts.scheme != "s3" or not parts.hostname:
        raise ImproperlyConfigured("STORAGE_URL must be an s3://key:secret@bucket or file:///absolute/folder address.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    options["region_name"] = options.pop("region", None)
    if "querystring_auth" in options:
        options["querystring_auth"] = options["querystring_auth"].lower() in ("1", "true", "yes", "on")
    # The bucket stays private: whoever may see a file gets it from us. custom_domain is only how `.url` is written.
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc.rpartition("@")[2],
            "access_key": unquote(parts.username) if parts.username else None,
            "secret_key": unquote(parts.password) if parts.password else None,
            "file_overwrite": False,
            "location": folder,
            "custom_domain": urlsplit(BASE_URL).netloc,
            "url_protocol": f"{urlsplit(BASE_URL).scheme}:",
        }
        | options,
    }


STORAGE_URL = env.str("STORAGE_URL", default="")
MEDIA_URL = "/media/"
MEDIA_ROOT = str(DATA_DIR / "files")
STATIC_URL = "/static/"
STATIC_ROOT = str(DATA_DIR / "static")
STORAGES = {
    # Everything that is uploaded or made: originals, documents, PDFs. No address leads here, views check and hand out.
    "default": storage(STORAGE_URL, folder="files", base_url="/no-file-is-served-from-here/"),
    # The public images of the CMS in the sizes the pages use; config/urls serves /media/images/<name> from it.
    "renditions": storage(STORAGE_URL, folder="media"),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "config.staticfiles.OneStylesheet"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or TESTING
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # Wagtail's page editor with many blocks

# ---------------------------------------------------------------------------------------------------- mail


def email(url: str) -> dict[str, Any]:
    """Shapes: "" (files in DATA_DIR/mail), smtp+tls://user:password@host:587, smtp+ssl://…:465, smtp://…, consolemail://"""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}
    config = {name: value for name, value in env.email_url_config(url).items() if value is not None}
    port = 465 if config.get("EMAIL_USE_SSL") else 587 if config.get("EMAIL_USE_TLS") else 25
    return {"EMAIL_PORT": port} | config


MAIL = email(env.str("EMAIL_URL", default=""))
EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
EMAIL_HOST = MAIL.get("EMAIL_HOST", "localhost")
EMAIL_PORT = MAIL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = MAIL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = MAIL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = MAIL.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = f"/{MAIL['EMAIL_FILE_PATH']}" if MAIL.get("EMAIL_FILE_PATH") else str(DATA_DIR / "mail")
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10) or None
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"Common Ground <noreply@{HOST or 'localhost'}>")
EMAIL_SUBJECT_PREFIX = ""
AUDIT_MAIL = env.list("AUDIT_MAIL", default=[])  # who else keeps the end of the audit chain, day by day

# ---------------------------------------------------------------------------------------------------- what runs

INSTALLED_APPS = [
    "cms",
    "fellowships",
    "mou",
    "partnerships",
    "accounts",
    "core",
    "guardian",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "lucide",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.middleware.PasskeyPolicy",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "core.middleware.CmsPolicy",
    # Outside of it: what every answer carries. Inside: sessions, so that a page from the cache opens none.
    "core.public.PublicCache",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "core.middleware.AskedOnce",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondStep",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "core.middleware.CmsNumbers",
    "core.middleware.CmsPositions",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.around",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# The task table is the outbox: a row is committed with the change that asked for it. An immediate backend would run
# the job inside the open transaction.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# ---------------------------------------------------------------------------------------------------- language, time

LANGUAGE_CODE = "en"
# Only what is translated: with Django's whole list a German browser would get Django's German amid our English.
LANGUAGES = [("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

# ---------------------------------------------------------------------------------------------------- sign-in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.SignIn"]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
# Who signs for others or runs something needs a second step. The demo only offers it: it has passwords that all know.
SECOND_FACTOR = env.str("SECOND_FACTOR", default="") or ("offered" if DEMO or TESTING else "demanded")
FRESH_SECONDS = 10 * 60  # so long after signing in or confirming, acts that cannot be undone ask for nothing more
MFA_ADAPTER = "accounts.adapters.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to addresses that strangers type
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True  # one life for every session: SESSION_COOKIE_AGE
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(BASE_URL).scheme
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/300s/key", "reset_password": "20/m/ip,3/5m/key,20/d/key"}
ACCOUNT_FORMS = {"user_token": "accounts.forms.PasswordTokenForm"}
# Single sign-on (docs/adr/0024): a provider that vouches for addresses of people who have a sign-in here. None unless named.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="").rstrip("/")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_NAME = env.str("OIDC_NAME", default="") or urlsplit(OIDC_ISSUER).hostname or ""
OIDC_DOMAINS = [domain.lower().lstrip("@") for domain in env.list("OIDC_DOMAINS", default=[])]
OIDC_SECOND_FACTOR = env.str("OIDC_SECOND_FACTOR", default="") or "no"  # no, yes (when the provider says so), always
SOCIALACCOUNT_ADAPTER = "accounts.provider.OneProvider"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60  # counted from when the mail is made
# Whose address the limits count: behind N proxies of ours, the N-th from the right in X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXY_COUNT", default=1 if PRODUCTION else 0)

ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
SILENCED_SYSTEM_CHECKS = [
    # Asks for guardian's own backend, which ignores `until`: User.has_perm asks core.access instead.
    "guardian.W001",
    # Asks for HSTS preload: that is a promise for a whole domain, which its owner makes, not a program.
    "security.W021",
]

# ---------------------------------------------------------------------------------------------------- cookies, headers

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if PRODUCTION else "language"
KNOWN_BROWSER_COOKIE_NAME = "__Host-known" if PRODUCTION else "known"  # who signed in here once is not held up by strangers
KNOWN_BROWSER_COOKIE_AGE = 365 * 24 * 60 * 60
INVITATION_COOKIE_NAME = "__Secure-invitation" if PRODUCTION else "invitation"  # the SHA-256 of a link, for its page alone
INVITATION_COOKIE_AGE = 2 * 60 * 60

# Whether a request came by https is gunicorn's to say (FORWARDED_ALLOW_IPS): it believes only the proxies it is told of.
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# Wagtail's editor writes inline scripts and styles and frames its own preview. core.middleware.CmsPolicy sets this
# under CMS_PATH alone.
CMS_PATH = "/cms/"
PREVIEW_CONTENT_SECURITY_POLICY = CONTENT_SECURITY_POLICY["DIRECTIVES"] | {"frame-ancestors": [SELF]}
CMS_CONTENT_SECURITY_POLICY = PREVIEW_CONTENT_SECURITY_POLICY | {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
}
FEATURES = [
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation", "gyroscope",
    "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
]  # fmt: skip
PERMISSIONS_POLICY: dict[str, list[str]] = {feature: [] for feature in FEATURES}

# ---------------------------------------------------------------------------------------------------- Wagtail

WAGTAIL_SITE_NAME = "Common Ground"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = LOGIN_URL
# Passwords and addresses have one door, and it is not Wagtail's: its own would pass by second factor and throttle.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_WORKFLOW_ENABLED = False  # whoever writes may publish: nothing waits for anybody
# A save that the editor makes by itself and a click on "Publish" can cross. Then a page that its writer saw published is not
# there, or it says for ever that it was changed in another window. Without it Wagtail warns who leaves with unsaved text.
WAGTAIL_AUTOSAVE_INTERVAL = 0
# Nothing asks another server for anything.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]  # nobody chooses another: the times of programmes are theirs
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "ods", "pdf", "pptx", "txt", "xlsx"]
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]  # no svg: it can carry script
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_RENDITION_STORAGE = "renditions"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# ---------------------------------------------------------------------------------------------------- log

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "config.logs.Plain"}},
    "filters": {"trouble": {"()": "config.logs.Trouble"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": ["stderr"], "level": "INFO" if DEBUG else "WARNING", "propagate": False},
        # Wrong Host headers are strangers' noise, and quote what strangers typed.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        # Two lines a job that say nothing of it but a number. A worker with a new demo would bury in them where the site is and
        # who can sign in. The worker sets the level of this logger itself.
        "django_tasks": {"filters": ["trouble"]},
        # Wagtail tells each change with the title of what was changed, people among it; its own history has it, too.
        **{
            name: {"level": "WARNING"}
            for name in ("wagtail", "botocore", "boto3", "s3transfer", "urllib3", "PIL", "fontTools", "weasyprint")
        },
    },
}
