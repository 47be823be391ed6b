"""All settings. What an operator may change is read from the environment (docs/operators.md)."""

from pathlib import Path

from csp.constants import NONE, SELF

from outcomes_portal import env

BASE_DIR = Path(__file__).resolve().parent.parent

DEMONSTRATION = env.flag("DEMONSTRATION")
DEBUG = env.flag("DEBUG")
HTTPS = env.flag("HTTPS")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", demonstration=DEMONSTRATION, debug=DEBUG)
WELL_KNOWN = DEMONSTRATION and env.at_home(ALLOWED_HOSTS)  # whether a key that is no secret will do
# How many proxies of our own a request comes through: whose word for a visitor's address counts.
PROXIES = env.number("PROXIES", 0, most=9)
SECRET_KEY = env.secret("SECRET_KEY", well_known=WELL_KNOWN)
SECRET_KEY_FALLBACKS = env.secrets("SECRET_KEY_FALLBACKS", well_known=WELL_KNOWN)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")

INSTALLED_APPS = [
    "surveys",
    "outcomes",
    "crispy_forms",
    "crispy_forms_gds",
    "import_export",
    "axes",
    "django_tasks",
    "django_tasks_db",
    "outcomes_portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # its files are compressed already
    "django.middleware.gzip.GZipMiddleware",  # docs/decisions/0011 on secrets in compressed pages
    "csp.middleware.CSPMiddleware",
    "outcomes_portal.languages.Languages",
    # Before all that reads a form, a query or a cookie; after what puts headers on its refusals.
    "outcomes_portal.requests.readable",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "outcomes_portal.urls"
WSGI_APPLICATION = "outcomes_portal.wsgi.application"

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
                "surveys.context.site",
                "surveys.context.languages",
                "outcomes.context.published",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["gds"]
CRISPY_TEMPLATE_PACK = "gds"

# SQLite: readers never wait for the writer (WAL), and a transaction takes the write lock when it
# begins, so that two writers queue instead of failing half-way.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    # What is deleted is overwritten in the file too.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
}
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    # A file, so that a real worker process can share the tests' database.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # Compiling a query of an officer's page takes longer than answering it; and so does sharing it
    # out, for each helper builds the same tables again. What it reads is in memory, where looking
    # up a row costs little more than reading on.
    QUICK = "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1"
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = QUICK
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who carries out the engine's work on texts: this process, "processes" or "dask://host:port".
ENGINE_EXECUTOR = env.text("ENGINE_EXECUTOR", "")
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# The task that screens what arrives for risk of harm.
SCREENED_BY = "outcomes.tasks.screen_said"
# What `manage.py tidy` does beside its own: it ends and resumes what the worker left.
TIDIED_BY = "outcomes.actions.resuming.tidy_work"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "outcomes_portal.requests.OwnPasswords",
    "outcomes_portal.break_glass.WhileGlassIsBroken",
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
LOGIN_URL = "admin:login"
# Sign-in attempts are counted by name alone: no address, browser or form is kept, even for staff.
AXES_HANDLER = "outcomes_portal.requests.NamesAlone"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # it asks us to keep addresses
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "surveys.context.no_address"

# Each language of the public pages, under its own name: docs/operators.md says how to add one.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("pl", "Polski")]
LOCALE_PATHS = [BASE_DIR / "locale"]
# Set only when somebody presses a language button, and gone when the browser is closed.
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("", BASE_DIR / "var" / "assets")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "outcomes_portal.static.PortalStaticFiles"},
}

# A million characters of any script fit, so that a person who sends too much is told so on the
# page, with the words shown back, rather than cut off.
DATA_UPLOAD_MAX_MEMORY_SIZE = 24 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 7_000  # the preview of 2,000 notes has three for each
# Nobody answers and sends a survey sooner than this after beginning it (surveys/limits.py).
SECONDS_TO_ANSWER = 3
CSRF_FAILURE_VIEW = "surveys.views.refusals.form_refused"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Staff get two cookies, for the session and for forms; messages need no third.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True

# Email, to people who asked for it. Without a server the demonstration writes mails to a folder,
# and a real site sends none and offers none.
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_PORT = env.number("EMAIL_PORT", 587, most=65535, least=1)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
ENCRYPTED = env.flag("EMAIL_USE_TLS", True)
EMAIL_USE_SSL = ENCRYPTED and EMAIL_PORT == 465  # encrypted from the first byte
EMAIL_USE_TLS = ENCRYPTED and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.sender("DEFAULT_FROM_EMAIL", needed=bool(EMAIL_HOST))
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAILS_ARE_FILES = DEMONSTRATION and not EMAIL_HOST
EMAILS_GO_OUT = EMAILS_ARE_FILES or bool(EMAIL_HOST)
EMAIL_BACKEND = "django.core.mail.backends." + (
    "smtp.EmailBackend" if EMAIL_HOST else "filebased.EmailBackend"
)

# A spreadsheet never runs what a person typed.
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
# A sheet is imported whole or not at all, and waits for its confirmation in a folder of our own.
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_TMP_STORAGE_CLASS = "surveys.admin.uploads.Uploads"

# Log lines hold no address and no words of a respondent.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "outcomes_portal.log.WithoutWords",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {
        "handlers": ["console"],
        "level": env.choice("LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR"}),
    },
    "loggers": {
        "axes": {"level": "ERROR"},  # its warnings name who tried to sign in
        "weasyprint": {"level": "ERROR"},  # its warnings hold letters that somebody typed
        "fontTools": {"level": "ERROR"},
        "import_export": {"level": "INFO"},  # below it, the cells of a sheet
    },
}
