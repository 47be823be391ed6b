"""Makes the groups of outcomes/roles.py."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from outcomes import roles


def make_groups(apps, schema_editor):
    # Permissions are made after all migrations; the groups need them now.
    alias = schema_editor.connection.alias
    for label in ("auth", "surveys", "outcomes"):
        create_permissions(installed.get_app_config(label), apps=apps, verbosity=0, using=alias)
    group = apps.get_model("auth", "Group")
    permission = apps.get_model("auth", "Permission")
    roles.make_groups(group.objects.using(alias), permission.objects.using(alias))


class Migration(migrations.Migration):
    dependencies = [
        ("outcomes", "0001_initial"),
        ("surveys", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
