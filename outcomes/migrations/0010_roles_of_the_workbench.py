"""Gives the groups of outcomes/roles.py what the workbench needs, and makes its new ones."""

from importlib import import_module

from django.db import migrations

make_groups = import_module("outcomes.migrations.0002_roles").make_groups


class Migration(migrations.Migration):
    dependencies = [
        ("outcomes", "0009_workbench"),
        ("surveys", "0006_passages_of_what_is_there"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
