from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial")]

    operations = [migrations.AlterModelOptions(name="posting", options={"ordering": ("id",)})]
