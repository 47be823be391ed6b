"""The house rules that no linter holds."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[2]
OURS = [*apps.get_app_config("surveys").get_models(), *apps.get_app_config("outcomes").get_models()]
CODE = [
    path
    for app in ("outcomes_portal", "surveys", "outcomes")
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts
]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_model_names_itself(model):
    assert model.__str__ is not models.Model.__str__


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_nothing_flows_back(model):
    """A key never points from surveys to outcomes, and across the wall it leaves no name."""
    for field in model._meta.get_fields():
        if not isinstance(field, models.ForeignKey):
            continue
        there = field.related_model._meta.app_label
        if model._meta.app_label == "surveys":
            assert there != "outcomes"
        if model._meta.app_label == "outcomes" and there == "surveys":
            assert field.remote_field.related_name == "+"


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_and_files_stay_small(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 45, node.name


def test_templates_stay_small_and_hold_no_inline_script_or_style():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert len(text.splitlines()) <= 150, path
        assert "style=" not in text, path
        assert "onclick" not in text, path


def test_the_glossary_has_every_model():
    words = (ROOT / "docs" / "glossary.md").read_text().lower()
    parts = {"clusteridea", "clusterdecision", "outcomedecision", "deadlinechange", "document"}
    for model in OURS:
        name = str(model._meta.verbose_name).lower()
        if model._meta.model_name not in parts:
            assert name in words or name.split()[-1] in words, name


PACKAGE = re.compile(r"([\w.-]+)(?:\[\w+\])?==(\S+)")


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_for_a_reason_and_to_one_version(file):
    pinned = dict(PACKAGE.findall((ROOT / "constraints.txt").read_text()))
    lines = (ROOT / file).read_text().splitlines()
    packages = [line for line in lines if line and not line.startswith("#")]
    assert packages
    for line in packages:
        package, _, why = line.partition("#")
        name, version = PACKAGE.fullmatch(package.strip()).groups()
        assert why.strip(), line
        assert pinned.get(name, version) == version, line
