"""Gives the groups of outcomes/roles.py what code books need."""

from importlib import import_module

from django.db import migrations

make_groups = import_module("outcomes.migrations.0002_roles").make_groups


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0013_code_books")]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
