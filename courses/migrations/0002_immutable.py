from django.db import migrations

from training.lib.immutable import RefuseUpdates


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]
    operations = [
        RefuseUpdates("courseedition"),
        RefuseUpdates("submission"),
        RefuseUpdates("acknowledgement"),
        RefuseUpdates("trainingrecord"),
    ]
