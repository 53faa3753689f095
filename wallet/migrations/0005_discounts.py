import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('wallet', '0004_fee_waivers'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='categorytotal',
            name='category_total_is_the_sum_of_its_lines',
        ),
        migrations.RemoveConstraint(
            model_name='record',
            name='record_is_the_sum_of_its_parts',
        ),
        migrations.AddField(
            model_name='record',
            name='discount_amount',
            field=models.BigIntegerField(db_default=0, verbose_name='优惠抵扣'),
        ),
        migrations.AddConstraint(
            model_name='categorytotal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount', 0), ('lines', 0)), models.Q(('amount__gte', 0), ('lines__gt', 0)), _connector='OR'), name='category_total_is_the_sum_of_its_lines'),
        ),
        migrations.AddConstraint(
            model_name='record',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('discount_amount__gt', 0), _connector='OR'), ('amount', django.db.models.expressions.CombinedExpression(models.F('balance_amount'), '+', models.F('channel_amount'))), ('balance_amount__gte', 0), ('channel_amount__gte', 0), ('discount_amount__gte', 0), ('fee__gte', 0), ('fee__lte', models.F('amount'))), name='record_is_the_sum_of_its_parts'),
        ),
    ]
