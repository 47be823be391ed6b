"""Gives the groups of outcomes/roles.py what reading the audit log needs."""

from importlib import import_module

from django.db import migrations

make_groups = import_module("outcomes.migrations.0002_roles").make_groups


class Migration(migrations.Migration):
    dependencies = [
        ("outcomes", "0007_safeguarding"),
        ("surveys", "0004_audit_log"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
