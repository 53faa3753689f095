from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0019_exceptions")]

    operations = [
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                fields=["created_at"],
                name="own_money_taken_back",
                condition=models.Q(payment__isnull=False, withdrawal=None),
            ),
        ),
        migrations.AddIndex(
            model_name="merchanttransfer",
            index=models.Index(
                fields=["created_at"], name="own_money_taken_along", condition=models.Q(withdrawal=None)
            ),
        ),
    ]
