"""A membership has the duty of its account, which never changes."""

from django.db import migrations

from kaohe.web.accounts import triggers


def create(apps, schema_editor):
    for statement in triggers.CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    for statement in triggers.DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
