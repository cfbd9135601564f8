"""Entries are never changed or removed; the head begins at 0."""

from django.db import migrations

from kaohe.web.journal import triggers

TABLES = ("journal_logentry",)


def create(apps, schema_editor):
    for statement in triggers.creating(schema_editor.connection.vendor, TABLES):
        schema_editor.execute(statement, params=None)
    apps.get_model("journal", "LogHead").objects.create(id=1)


def drop(apps, schema_editor):
    for statement in triggers.dropping(schema_editor.connection.vendor, TABLES):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
