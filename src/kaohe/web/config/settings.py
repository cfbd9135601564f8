"""Django's settings, all from the deployment's configuration. Nothing is switched on for tests or development here."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from kaohe.web.config.configuration import Configuration, current

CONFIGURATION = current()
WEB = Path(__file__).resolve().parent.parent


def database(configuration: Configuration) -> dict[str, Any]:
    """Return Django's description of the database.

    SQLite: write-ahead log, every commit on the disk, writers queue for 20 seconds and then learn that it is busy.
    """
    if configuration.database == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": configuration.home / "kaohe.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(configuration.database)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(f"database: neither sqlite nor a postgresql:// address: {parts.scheme}://…")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": _host(parts.query) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c lock_timeout=20000 -c timezone=UTC"},
    }


def _host(query: str) -> str:
    """Return the folder of a Unix socket, which an address can only say in its query."""
    return next((unquote(part[5:]) for part in query.split("&") if part.startswith("host=")), "")


def mail_password(configuration: Configuration) -> str:
    """Return the password for the mail server; a file that is missing is told when serving begins."""
    path = Path(configuration.smtp_password_file)
    named = bool(configuration.smtp_password_file) and path.is_file()
    return path.read_text(encoding="utf-8", errors="replace").strip() if named else ""


SECRET_KEY = CONFIGURATION.secret_key
DEBUG = False
ALLOWED_HOSTS = list(CONFIGURATION.hosts)
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in CONFIGURATION.hosts] if CONFIGURATION.secure else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "kaohe.web.lang",
    "kaohe.web.organisation",
    "kaohe.web.accounts",
    "kaohe.web.journal",
    "kaohe.web.jobs",
    "kaohe.web.standards",
    "kaohe.web.rounds",
    "kaohe.web.training",
    "kaohe.web.intake",
    "kaohe.web.post",
    "kaohe.web.desk",
]

MIDDLEWARE = [
    "kaohe.web.config.proxies.ProxiesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "kaohe.web.config.methods.MethodsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "kaohe.web.config.busy.BusyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kaohe.web.desk.display.DisplayMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "kaohe.web.accounts.gate.GateMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "kaohe.web.config.urls"
WSGI_APPLICATION = "kaohe.web.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "kaohe.web.desk.house.house",
            ],
            "builtins": ["kaohe.web.lang.templatetags.lang", "django.templatetags.static"],
        },
    }
]

DATABASES = {"default": database(CONFIGURATION)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        # limits live here: nobody may push another's count out by trying many names
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = CONFIGURATION.time_zone
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = CONFIGURATION.home / "static"
STATICFILES_DIRS = [WEB / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = CONFIGURATION.files
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# --- who comes in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["kaohe.web.accounts.passwords.Argon2id"]
AUTH_PASSWORD_VALIDATORS = (
    [
        {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
        {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
        {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    ]
    if CONFIGURATION.password_profile == "modern"
    else [
        {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
        {"NAME": "kaohe.web.accounts.passwords.ComplexityValidator"},
        {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
        {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    ]
)
PASSWORD_DAYS = 90 if CONFIGURATION.password_profile == "dengbao" else None
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_ADAPTER = "kaohe.web.accounts.adapter.AccountAdapter"
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "kaohe.web.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = CONFIGURATION.title
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_TRACK_ACTIVITY = False  # the gate does so, once a minute

# --- how mail is sent (by the background work alone)
EMAIL_HOST, EMAIL_PORT = CONFIGURATION.smtp_host.strip("[]"), CONFIGURATION.smtp_port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = CONFIGURATION.smtp_user, mail_password(CONFIGURATION)
EMAIL_USE_TLS, EMAIL_USE_SSL = CONFIGURATION.smtp_tls == "starttls", CONFIGURATION.smtp_tls == "tls"
EMAIL_TIMEOUT = 20
EMAIL_CA = CONFIGURATION.smtp_ca
DEFAULT_FROM_EMAIL = CONFIGURATION.mail_from

# --- how the browser is spoken to
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = CONFIGURATION.session_hours * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kaohe.web.desk.failures.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIGURATION.secure
SESSION_COOKIE_NAME = "__Host-session" if CONFIGURATION.secure else "kaohe-session"
CSRF_COOKIE_NAME = "__Host-csrf" if CONFIGURATION.secure else "kaohe-csrf"
SECURE_SSL_REDIRECT = CONFIGURATION.secure
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 31_536_000 if CONFIGURATION.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = CONFIGURATION.secure
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIGURATION.proxies else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
