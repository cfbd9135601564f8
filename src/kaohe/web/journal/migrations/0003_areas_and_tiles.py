"""The area of an entry, the counts by area, the tiles; checkpoints and tiles are guarded as entries are.

Entries that are there already get their area and their tiles. SQLite makes a new table for a new column, without
triggers, so those of the entries are put back here.
"""

from collections import Counter

from django.db import migrations, models

from kaohe.proof import merkle
from kaohe.web.journal import triggers

TILE = 256


def unguard(apps, schema_editor):
    for statement in triggers.dropping(schema_editor.connection.vendor, ("journal_logentry",)):
        schema_editor.execute(statement, params=None)


def fill(apps, schema_editor):
    entries, areas, tile = apps.get_model("journal", "LogEntry").objects, Counter(), []
    for seq, action, leaf in list(entries.order_by("seq").values_list("seq", "action", "leaf")):
        area = action.partition(":")[0]
        entries.filter(seq=seq).update(area=area)
        areas[area] += 1
        tile.append(bytes(leaf))
        if len(tile) == TILE:
            apps.get_model("journal", "LogTile").objects.create(n=seq // TILE, root=merkle.root(tile))
            tile = []
    apps.get_model("journal", "LogHead").objects.filter(id=1).update(areas=dict(areas))


def guard(apps, schema_editor):
    for statement in triggers.CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unguard_all(apps, schema_editor):
    for statement in triggers.DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def guard_entries(apps, schema_editor):
    for statement in triggers.creating(schema_editor.connection.vendor, ("journal_logentry",)):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_refuse")]
    operations = [
        migrations.RunPython(unguard, guard_entries),
        migrations.AddField("logentry", "area", models.CharField(max_length=60, default=""), preserve_default=False),
        migrations.AddIndex("logentry", models.Index(fields=["area", "-seq"], name="log_entry_area")),
        migrations.AlterField("logentry", "time", models.CharField(max_length=27, db_index=True)),
        migrations.AlterField("logentry", "actor", models.CharField(max_length=100, db_index=True)),
        migrations.AddField("loghead", "areas", models.JSONField(default=dict)),
        migrations.AddIndex("checkpoint", models.Index(fields=["-size", "-id"], name="checkpoint_size")),
        migrations.CreateModel(
            "LogTile",
            [
                ("n", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(guard, unguard_all),
    ]
