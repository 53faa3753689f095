from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0017_settlements")]

    operations = [
        migrations.RemoveConstraint(model_name="riskcase", name="a_held_move_is_one_case"),
        migrations.AddConstraint(
            model_name="riskcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(kind="MOVE", reference="", state="OPEN"),
                fields=("user", "operation", "payee", "amount"),
                name="a_held_move_is_one_case",
            ),
        ),
    ]
