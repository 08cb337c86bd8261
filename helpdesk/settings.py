"""Every setting, read from the environment. A value that cannot work ends the start with a sentence.

With neither DATABASE_URL nor REDIS_URL this is the embedded default: one process, SQLite, everything in DATA_DIR.
"""

import hashlib
import logging
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from helpdesk.env import (
    BadSetting,
    bracketed,
    count,
    database,
    env,
    kept_secret,
    long_secret,
    mail_server,
    one_of,
    origin,
    port,
    redis,
    seconds,
    time_zone,
)

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", "") or BASE_DIR / "var").absolute()

# How it runs
DATABASE_URL = env.str("DATABASE_URL", "")
REDIS_URL = redis("REDIS_URL")
PRODUCTION = bool(DATABASE_URL or REDIS_URL)
DEMO = env.bool("DEMO", not PRODUCTION)
DEBUG = env.bool("DEBUG", False)

# Where it is reached
HOST = env.str("HOST", "127.0.0.1")
PORT = port("PORT", 8000)
PROXY_COUNT = count("PROXY_COUNT", 0)
_reached_at = "localhost" if HOST in {"0.0.0.0", "::"} else bracketed(HOST)  # noqa: S104 - compared, not bound
PUBLIC_URL = origin("PUBLIC_URL", f"http://{_reached_at}:{PORT}")
_public = urlsplit(PUBLIC_URL)
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", bracketed(HOST), bracketed(str(_public.hostname))]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [PUBLIC_URL])

# What tells this installation from another one, also to those who share a Redis with it
SECRET_KEY = env.str("SECRET_KEY", "") or ("" if PRODUCTION else kept_secret(DATA_DIR / "secret_key"))
INSTALLATION_KEY = f"helpdesk-{hashlib.sha256(SECRET_KEY.encode()).hexdigest()[:12]}"

# What it is made of
INSTALLED_APPS = [
    "helpdesk.apps.HelpdeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "channels",
    "django_htmx",
    "axes",
    "accounts",
    "devices",
    "tickets",
    "chat",
    "helpdesk",
]
MIDDLEWARE = [
    "helpdesk.access.AccessMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "helpdesk.csp.ContentSecurityPolicyMiddleware",
    "helpdesk.nonsense.RefuseNonsenseMiddleware",
    "helpdesk.doors.KeepPrivateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "accounts.context.InstallationMiddleware",
    "helpdesk.embedding.EmbeddingMiddleware",
    "helpdesk.browsers.BrowserMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "helpdesk.language.PersonLanguageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "helpdesk.doors.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "helpdesk.urls"
ASGI_APPLICATION = "helpdesk.asgi.application"
# Fields are drawn by templates/ too, where those of Django are slow for a choice among thousands.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.shell",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What it keeps, and where
DATABASES = {"default": database(DATABASE_URL, DATA_DIR)}
FILES_DIR = Path(env.str("FILES_DIR", "") or DATA_DIR / "files").absolute()
# On the same disk as FILES_DIR a file is moved there, not copied.
UPLOADS_DIR = Path(env.str("UPLOADS_DIR", "") or DATA_DIR / "uploads").absolute()
# What files leave of the disk for everything else; below it they are refused, and chats go on.
FILES_KEEP_FREE_MB = count("FILES_KEEP_FREE_MB", 256)
# Where nginx in front finds FILES_DIR, as "/kept-files/": it sends the files then.
FILES_X_ACCEL = env.str("FILES_X_ACCEL", "")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "helpdesk.assets.VersionedStorage"},
    # What people send. Another backend of Django's storage API does as well; nothing of it is public.
    "attachments": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": FILES_DIR,
            "file_permissions_mode": 0o640,
            "directory_permissions_mode": 0o750,
        },
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]

# What runs beside the requests
CHANNEL_LAYERS = {
    "default": (
        {
            "BACKEND": "helpdesk.redis_layer.TidyChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": INSTALLATION_KEY},
        }
        if REDIS_URL
        else {"BACKEND": "helpdesk.layer.ThreadSafeChannelLayer"}
    )
}
CELERY_TASK_DEFAULT_QUEUE = INSTALLATION_KEY
CELERY_BROKER_URL = REDIS_URL or "memory://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"socket_timeout": 10, "socket_connect_timeout": 5}
    if REDIS_URL
    # kombu looks once a second by default, which a mailed token should not have to wait for.
    else {"polling_interval": 0.1}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1

# Who gets in
AUTH_USER_MODEL = "accounts.Technician"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "helpdesk.passwords.FrugalArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "helpdesk.client.address"

# What a browser may do with it
IS_HTTPS = _public.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
# The proxy that ends TLS redirects to it; what holds for subdomains and preload lists is the domain's owner's to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if env.bool("BEHIND_TLS_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "media-src": ["'self'", "blob:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
# Headers and body together; a client that takes longer is cut off.
REQUEST_ARRIVES_WITHIN = seconds("REQUEST_ARRIVES_WITHIN_S", 30)
# A file of 20 MB takes that long at some 20 kB a second.
UPLOAD_ARRIVES_WITHIN = seconds("UPLOAD_ARRIVES_WITHIN_S", 1200)
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024

# What people read
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
# What somebody chose who is not known by name; only pages at devices set it, for their own addresses.
LANGUAGE_COOKIE_NAME = "hd_language"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = time_zone("TIME_ZONE", "UTC")

# Mail: to a server, or without one into files
_mail = mail_server("EMAIL_URL")
EMAIL_HOST = _mail.get("EMAIL_HOST", "")
EMAIL_PORT = _mail.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "helpdesk.outbox.EmailBackend"
OUTBOX_DIR = DATA_DIR / "outbox"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", f"Helpdesk <helpdesk@{_public.hostname}>")

# How long a chat may take (S10, S11, S17)
CHAT_ANSWER_WITHIN = seconds("CHAT_ANSWER_WITHIN_S", 120)
CHAT_IDLE_AFTER = seconds("CHAT_IDLE_AFTER_S", 300)
CHAT_IDLE_WARNING = seconds("CHAT_IDLE_WARNING_S", 60)
CHAT_TICKET_AFTER = seconds("CHAT_TICKET_AFTER_S", 120)
CHAT_SWEEP_EVERY = seconds("CHAT_SWEEP_EVERY_S", 5)
if CHAT_IDLE_WARNING >= CHAT_IDLE_AFTER:
    raise BadSetting("CHAT_IDLE_WARNING_S must be below CHAT_IDLE_AFTER_S: people are warned before the chat ends.")

# What is written down: never what people say, nor a secret (helpdesk.discreet)
LOG_FORMAT = one_of("LOG_FORMAT", "json" if PRODUCTION else "lines", "json", "lines")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "helpdesk.logs.formatter", "form": LOG_FORMAT}},
    "filters": {"counted": {"()": "helpdesk.logs.CountLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["counted"]}},
    "loggers": {
        # Django's own would mail errors, with what was posted, and print them a second time.
        "django": {"handlers": [], "propagate": True},
        # What a client did wrong is told to the client; a line for each would be an access log.
        "django.request": {"level": "ERROR"},
        "django.security.csrf": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "helpdesk.access": {"level": "INFO" if env.bool("LOG_REQUESTS", False) else "NOTSET"},
    },
    "root": {"handlers": ["console"], "level": env.log_level("LOG_LEVEL", logging.WARNING)},
}
# Who brings it reads /metrics from elsewhere; without one, only this machine does.
METRICS_TOKEN = long_secret("METRICS_TOKEN")
# How many requests of pages a process works on at once; sockets have the rest of the pool.
REQUESTS_AT_ONCE = count("REQUESTS_AT_ONCE", 4)
if not REQUESTS_AT_ONCE:
    raise BadSetting("REQUESTS_AT_ONCE must be above zero.")
_pool = DATABASES["default"].get("OPTIONS", {}).get("pool")
if _pool and _pool["max_size"] <= REQUESTS_AT_ONCE:
    raise BadSetting("REQUESTS_AT_ONCE must be below DATABASE_POOL_MAX: open pages need connections too.")
# How long a server that was told to end goes on, so that a balancer that asks /readyz sends nobody new.
DRAIN_FOR = timedelta(seconds=count("DRAIN_FOR_S", 0, most=30))
