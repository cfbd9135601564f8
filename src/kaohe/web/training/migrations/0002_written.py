from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0003_person_email_person_phone"),
        ("rounds", "0001_initial"),
        ("training", "0001_initial"),
    ]

    operations = [
        migrations.AddField(model_name="ledgerchange", name="above", field=models.JSONField(default=dict)),
        migrations.AddField(model_name="ledgerchange", name="written", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name="activity", name="origin", field=models.PositiveIntegerField(null=True)),
        migrations.AddField(model_name="appraisal", name="origin", field=models.PositiveIntegerField(null=True)),
        migrations.AddField(model_name="attendance", name="origin", field=models.PositiveIntegerField(null=True)),
        migrations.AddField(model_name="bulletin", name="origin", field=models.PositiveIntegerField(null=True)),
        migrations.AddField(model_name="contestentry", name="origin", field=models.PositiveIntegerField(null=True)),
        migrations.AddField(model_name="judgement", name="origin", field=models.PositiveIntegerField(null=True)),
        migrations.AddField(model_name="quota", name="origin", field=models.PositiveIntegerField(null=True)),
        migrations.AddField(model_name="supply", name="origin", field=models.PositiveIntegerField(null=True)),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("until__lt", 2147483647)), fields=["authority", "until"], name="activity_ended"
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("origin__isnull", False)), fields=["authority", "origin"], name="activity_returned"
            ),
        ),
        migrations.AddIndex(
            model_name="appraisal",
            index=models.Index(
                condition=models.Q(("until__lt", 2147483647)), fields=["authority", "until"], name="appraisal_ended"
            ),
        ),
        migrations.AddIndex(
            model_name="appraisal",
            index=models.Index(
                condition=models.Q(("origin__isnull", False)), fields=["authority", "origin"], name="appraisal_returned"
            ),
        ),
        migrations.AddIndex(
            model_name="attendance",
            index=models.Index(
                condition=models.Q(("until__lt", 2147483647)), fields=["authority", "until"], name="attendance_ended"
            ),
        ),
        migrations.AddIndex(
            model_name="attendance",
            index=models.Index(
                condition=models.Q(("origin__isnull", False)),
                fields=["authority", "origin"],
                name="attendance_returned",
            ),
        ),
        migrations.AddIndex(
            model_name="bulletin",
            index=models.Index(
                condition=models.Q(("until__lt", 2147483647)), fields=["authority", "until"], name="bulletin_ended"
            ),
        ),
        migrations.AddIndex(
            model_name="bulletin",
            index=models.Index(
                condition=models.Q(("origin__isnull", False)), fields=["authority", "origin"], name="bulletin_returned"
            ),
        ),
        migrations.AddIndex(
            model_name="contestentry",
            index=models.Index(
                condition=models.Q(("until__lt", 2147483647)), fields=["authority", "until"], name="contest_entry_ended"
            ),
        ),
        migrations.AddIndex(
            model_name="contestentry",
            index=models.Index(
                condition=models.Q(("origin__isnull", False)),
                fields=["authority", "origin"],
                name="contest_entry_returned",
            ),
        ),
        migrations.AddIndex(
            model_name="judgement",
            index=models.Index(
                condition=models.Q(("until__lt", 2147483647)), fields=["authority", "until"], name="judgement_ended"
            ),
        ),
        migrations.AddIndex(
            model_name="judgement",
            index=models.Index(
                condition=models.Q(("origin__isnull", False)), fields=["authority", "origin"], name="judgement_returned"
            ),
        ),
        migrations.AddIndex(
            model_name="quota",
            index=models.Index(
                condition=models.Q(("until__lt", 2147483647)), fields=["authority", "until"], name="quota_ended"
            ),
        ),
        migrations.AddIndex(
            model_name="quota",
            index=models.Index(
                condition=models.Q(("origin__isnull", False)), fields=["authority", "origin"], name="quota_returned"
            ),
        ),
        migrations.AddIndex(
            model_name="supply",
            index=models.Index(
                condition=models.Q(("until__lt", 2147483647)), fields=["authority", "until"], name="supply_ended"
            ),
        ),
        migrations.AddIndex(
            model_name="supply",
            index=models.Index(
                condition=models.Q(("origin__isnull", False)), fields=["authority", "origin"], name="supply_returned"
            ),
        ),
    ]
