"""Gives the groups of outcomes/roles.py what comments, own workshops and break glass need."""

from importlib import import_module

from django.db import migrations

make_groups = import_module("outcomes.migrations.0002_roles").make_groups


class Migration(migrations.Migration):
    dependencies = [
        ("outcomes", "0011_kept_counts_cuttings_comments_jobs"),
        ("surveys", "0007_break_glass"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
