import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coupons', '0005_real_people'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Redemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=32, unique=True, verbose_name='支付单号')),
                ('state', models.CharField(choices=[('RESERVED', '预留'), ('REDEEMED', '已使用'), ('RELEASED', '已释放')], default='RESERVED', max_length=8, verbose_name='状态')),
                ('off', models.BigIntegerField(verbose_name='优惠券抵扣')),
                ('points', models.BigIntegerField(verbose_name='使用积分')),
                ('points_worth', models.BigIntegerField(verbose_name='积分抵扣')),
                ('worth_returned', models.BigIntegerField(default=0, verbose_name='已退积分抵扣')),
                ('points_returned', models.BigIntegerField(default=0, verbose_name='已退积分')),
                ('reserved_at', models.DateTimeField(verbose_name='预留时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='使用或释放时间')),
                ('coupons_returned_at', models.DateTimeField(null=True, verbose_name='优惠券退还时间')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='顾客')),
            ],
            options={
                'verbose_name': '优惠使用',
                'verbose_name_plural': '优惠使用',
            },
        ),
        migrations.CreateModel(
            name='RedeemedCoupon',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_wanted', models.BooleanField(verbose_name='顾客所选')),
                ('off', models.BigIntegerField(default=0, verbose_name='抵扣金额')),
                ('back', models.BigIntegerField(default=0, verbose_name='付款后返还')),
                ('coupon', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coupons.coupon', verbose_name='优惠券')),
                ('redemption', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coupons', to='coupons.redemption', verbose_name='优惠使用')),
            ],
            options={
                'verbose_name': '优惠使用明细',
                'verbose_name_plural': '优惠使用明细',
            },
        ),
        migrations.AddIndex(
            model_name='redemption',
            index=models.Index(fields=['user', '-id'], name='redemptions_of_a_person'),
        ),
        migrations.AddConstraint(
            model_name='redemption',
            constraint=models.CheckConstraint(condition=models.Q(('off__gte', 0), ('points__gte', 0), ('points_worth__gte', 0), ('points_worth__lte', models.F('points'))), name='points_pay_a_fen_each_at_most'),
        ),
        migrations.AddConstraint(
            model_name='redemption',
            constraint=models.CheckConstraint(condition=models.Q(('worth_returned__gte', 0), ('worth_returned__lte', models.F('points_worth')), ('points_returned__gte', 0), ('points_returned__lte', models.F('points'))), name='no_more_of_a_discount_returns_than_was_used'),
        ),
        migrations.AddConstraint(
            model_name='redemption',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'REDEEMED'), models.Q(('coupons_returned_at__isnull', True), ('points_returned', 0), ('worth_returned', 0)), _connector='OR'), name='only_what_was_redeemed_returns'),
        ),
        migrations.AddConstraint(
            model_name='redeemedcoupon',
            constraint=models.UniqueConstraint(fields=('redemption', 'coupon'), name='a_payment_uses_a_coupon_once'),
        ),
        migrations.AddConstraint(
            model_name='redeemedcoupon',
            constraint=models.CheckConstraint(condition=models.Q(('back__gte', 0), ('off__gte', 0)), name='a_coupon_takes_nothing_on_top'),
        ),
    ]
