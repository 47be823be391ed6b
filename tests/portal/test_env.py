"""Settings: a bad value stops the program with a sentence, and every setting is documented."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = {"SECRET_KEY": "k7Q" + "abcdefghij" * 6, "ALLOWED_HOSTS": "example.org"}


def start(tmp_path, **settings):
    """Read the settings in a fresh process with these and nothing else of ours set."""
    names = {"DEMONSTRATION", "DEBUG", "HTTPS", "DATABASE_URL", *GOOD}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return subprocess.run(
        [sys.executable, "-c", "import outcomes_portal.settings as s; print(s.DEBUG)"],
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
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS is not set"),
        ("DEBUG", "maybe", "DEBUG is “maybe”. Write 1 for yes or 0 for no."),
        ("DATABASE_URL", "postgres//nowhere", "DATABASE_URL cannot be read"),
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
