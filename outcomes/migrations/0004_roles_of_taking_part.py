"""Gives the groups of outcomes/roles.py what taking part needs."""

from importlib import import_module

from django.db import migrations

make_groups = import_module("outcomes.migrations.0002_roles").make_groups


class Migration(migrations.Migration):
    dependencies = [
        ("outcomes", "0003_asked_wording"),
        ("surveys", "0002_taking_part"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
