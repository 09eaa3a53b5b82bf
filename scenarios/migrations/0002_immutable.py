from django.db import migrations

from training.lib.immutable import RefuseUpdates


class Migration(migrations.Migration):
    dependencies = [("scenarios", "0001_initial")]
    operations = [RefuseUpdates("edition"), RefuseUpdates("decision")]
