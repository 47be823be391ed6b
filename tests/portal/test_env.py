"""Settings: a bad value stops the program with a sentence, and every setting is documented."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = {"SECRET_KEY": "k7Q" + "abcdefghij" * 6, "ALLOWED_HOSTS": "example.org"}
KNOWN = "the-demonstration-keeps-no-secrets-" + "x" * 30


def start(tmp_path, *, show="s.DEBUG", **settings):
    """Read the settings in a fresh process with these and nothing else of ours set."""
    names = {"DEMONSTRATION", "DEBUG", "HTTPS", "DATABASE_URL", "SECRET_KEY_FALLBACKS", *GOOD}
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in names and not name.startswith(("EMAIL_", "DEFAULT_FROM_"))
    }
    return subprocess.run(
        [sys.executable, "-c", f"import outcomes_portal.settings as s; print({show})"],
        cwd=ROOT,
        env=kept | {"DATA_DIR": str(tmp_path)} | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def test_good_settings_start_with_debug_off(tmp_path):
    done = start(tmp_path, **GOOD)
    assert (done.returncode, done.stdout.strip()) == (0, "False")


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is not set"),
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("SECRET_KEY", KNOWN, "SECRET_KEY is the demonstration's, which everybody can read."),
        ("SECRET_KEY_FALLBACKS", "short", "SECRET_KEY_FALLBACKS is too short"),
        ("SECRET_KEY_FALLBACKS", GOOD["SECRET_KEY"] + "," + "x" * 60, "too plain"),
        ("SECRET_KEY_FALLBACKS", KNOWN, "SECRET_KEY_FALLBACKS is the demonstration's"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS is not set"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS is “*”, which is every name."),
        ("ALLOWED_HOSTS", "example.org, *", "ALLOWED_HOSTS is “*”, which is every name."),
        ("DEBUG", "maybe", "DEBUG is “maybe”. Write 1 for yes or 0 for no."),
        ("DATABASE_URL", "postgres//nowhere", "DATABASE_URL cannot be read"),
        ("DATABASE_URL", "postgres://host:port/name", "DATABASE_URL cannot be read"),
        ("DATABASE_URL", "mysql://name:word@host/name", "other databases will not do"),
        ("DATABASE_URL", "oracle://name:word@host/name", "other databases will not do"),
        ("PROXIES", "-1", "PROXIES is “-1”. Write a whole number from 0 to 9."),
        ("PROXIES", "many", "Write a whole number from 0 to 9."),
        ("PROXIES", "10", "Write a whole number from 0 to 9."),
        ("EMAIL_PORT", "0", "Write a whole number from 1 to 65535."),
        ("EMAIL_PORT", "smtp", "EMAIL_PORT is “smtp”."),
        ("EMAIL_USE_TLS", "maybe", "EMAIL_USE_TLS is “maybe”. Write 1 for yes or 0 for no."),
        ("EMAIL_HOST", "mail.example.org", "DEFAULT_FROM_EMAIL is not set."),
        ("LOG_LEVEL", "LOUD", "Choose one of: DEBUG, ERROR, INFO, WARNING"),
    ],
)
def test_a_bad_value_stops_with_a_sentence(tmp_path, setting, value, sentence):
    done = start(tmp_path, **(GOOD | {setting: value}))
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_only_the_demonstration_has_a_default_secret(tmp_path):
    assert start(tmp_path, DEMONSTRATION="1").returncode == 0
    assert start(tmp_path).returncode != 0
    assert "SECRET_KEY is not set" in start(tmp_path, DEBUG="1").stderr


@pytest.mark.parametrize("hosts", ["localhost", "LOCALHOST,127.0.0.1,[::1]"])
def test_a_demonstration_on_this_computer_needs_no_secret(tmp_path, hosts):
    assert start(tmp_path, DEMONSTRATION="1", ALLOWED_HOSTS=hosts).returncode == 0


@pytest.mark.parametrize("hosts", ["real.example.org", "localhost,real.example.org", "*", ".local"])
def test_a_demonstration_that_others_reach_needs_a_secret_of_its_own(tmp_path, hosts):
    reached = {"DEMONSTRATION": "1", "ALLOWED_HOSTS": hosts}
    for key, sentence in (("", "SECRET_KEY is not set"), (KNOWN, "which everybody can read")):
        done = start(tmp_path, **reached, SECRET_KEY=key)
        assert done.returncode != 0
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr
    assert start(tmp_path, **reached, SECRET_KEY=GOOD["SECRET_KEY"]).returncode == 0


@pytest.mark.parametrize("address", ["postgres://u:p@h:5432/d", "postgresql://h/d", "sqlite:///a"])
def test_postgresql_and_sqlite_will_do(tmp_path, address):
    assert start(tmp_path, **GOOD, DATABASE_URL=address).returncode == 0


def test_earlier_secrets_are_kept(tmp_path):
    earlier = "another" + "0123456789" * 5
    assert start(tmp_path, **GOOD, SECRET_KEY_FALLBACKS=earlier).returncode == 0


@pytest.mark.parametrize("address", ["me", "A name <me>", "a@b, c@d", "@"])
def test_a_sender_that_is_no_address_is_refused(tmp_path, address):
    mail = {"EMAIL_HOST": "mail.example.org", "DEFAULT_FROM_EMAIL": address}
    done = start(tmp_path, **GOOD, **mail)
    assert done.returncode != 0
    assert "Write an email address, such as" in done.stderr


@pytest.mark.parametrize("address", ["a@example.org", "Outcomes <a@example.org>"])
def test_a_sender_may_have_a_name(tmp_path, address):
    mail = {"EMAIL_HOST": "mail.example.org", "DEFAULT_FROM_EMAIL": address}
    assert start(tmp_path, **GOOD, **mail).returncode == 0


@pytest.mark.parametrize(
    ("given", "goes_out", "are_files", "backend"),
    [
        (GOOD, False, False, "filebased"),
        ({"DEMONSTRATION": "1"}, True, True, "filebased"),
        (GOOD | {"EMAIL_HOST": "m", "DEFAULT_FROM_EMAIL": "a@b.org"}, True, False, "smtp"),
        (
            {"DEMONSTRATION": "1", "EMAIL_HOST": "m", "DEFAULT_FROM_EMAIL": "a@b.org"},
            True,
            False,
            "smtp",
        ),
    ],
)
def test_where_mails_go(tmp_path, given, goes_out, are_files, backend):
    shown = "s.EMAILS_GO_OUT, s.EMAILS_ARE_FILES, s.EMAIL_BACKEND.split('.')[-2]"
    done = start(tmp_path, show=shown, **given)
    assert done.stdout.strip() == f"{goes_out} {are_files} {backend}"


@pytest.mark.parametrize(
    ("port", "tls", "starttls", "from_the_start"),
    [("587", "1", True, False), ("465", "1", False, True), ("25", "0", False, False)],
)
def test_mails_are_encrypted_unless_told_not_to(tmp_path, port, tls, starttls, from_the_start):
    given = GOOD | {"EMAIL_PORT": port, "EMAIL_USE_TLS": tls}
    done = start(tmp_path, show="s.EMAIL_USE_TLS, s.EMAIL_USE_SSL", **given)
    assert done.stdout.strip() == f"{starttls} {from_the_start}"


def test_every_setting_is_documented():
    code = (ROOT / "outcomes_portal" / "settings.py").read_text()
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', code))
    assert len(names) >= 10
    operators = (ROOT / "docs" / "operators.md").read_text()
    example = (ROOT / ".env.example").read_text()
    for name in names:
        assert f"`{name}`" in operators, f"{name} is missing in docs/operators.md"
        assert f"\n{name}=" in example, f"{name} is missing in .env.example"


def test_the_web_process_never_loads_the_engine(tmp_path):
    code = (
        "import django; django.setup(); import sys, outcomes_portal.urls as u;"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "from django.contrib import admin; admin.autodiscover();"
        "import outcomes.tasks, outcomes.actions;"
        "print([m for m in sys.modules if m.split('.')[0] in ('scipy', 'sklearn')"
        " or m.startswith(('outcomes.engine', 'outcomes.worker'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "outcomes_portal.settings", "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
