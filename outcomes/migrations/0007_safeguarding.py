"""Gives the groups of outcomes/roles.py what raising and working concerns needs."""

from importlib import import_module

from django.db import migrations

make_groups = import_module("outcomes.migrations.0002_roles").make_groups


class Migration(migrations.Migration):
    dependencies = [
        ("outcomes", "0006_kinds_and_doubt"),
        ("surveys", "0003_safety"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
