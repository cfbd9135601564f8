"""Entries are never changed or removed; the head begins at 0."""

from django.db import migrations

from kaohe.web.journal import triggers


def create(apps, schema_editor):
    for statement in triggers.CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)
    apps.get_model("journal", "LogHead").objects.create(id=1)


def drop(apps, schema_editor):
    for statement in triggers.DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
