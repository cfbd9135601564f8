"""A standard that was used is never changed or removed."""

from django.db import migrations

from kaohe.web.standards import triggers


def create(apps, schema_editor):
    for statement in triggers.CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    for statement in triggers.DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("standards", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
