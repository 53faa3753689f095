import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0003_guards_and_functions'),
        ('wallet', '0005_discounts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='order',
            name='a_paid_order_is_paid_in_full',
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='no_more_goes_back_than_was_paid',
        ),
        migrations.RemoveConstraint(
            model_name='payment',
            name='a_payment_has_an_amount',
        ),
        migrations.AddField(
            model_name='order',
            name='paid_from_coupons',
            field=models.BigIntegerField(default=0, verbose_name='优惠券抵扣'),
        ),
        migrations.AddField(
            model_name='order',
            name='paid_from_points',
            field=models.BigIntegerField(default=0, verbose_name='积分抵扣'),
        ),
        migrations.AddField(
            model_name='payment',
            name='from_coupons',
            field=models.BigIntegerField(default=0, verbose_name='优惠券部分'),
        ),
        migrations.AddField(
            model_name='payment',
            name='from_points',
            field=models.BigIntegerField(default=0, verbose_name='积分部分'),
        ),
        migrations.AddField(
            model_name='payment',
            name='uses_discounts',
            field=models.BooleanField(default=False, verbose_name='使用优惠'),
        ),
        migrations.AlterField(
            model_name='orderrefundpart',
            name='goes_to',
            field=models.CharField(choices=[('COUPON', '优惠券抵扣，不退现金'), ('POINTS', '积分账户'), ('WALLET', '钱包余额'), ('WECHAT', '原微信支付方式'), ('SUSPENSE', '账户已注销，待人工退还')], max_length=12, verbose_name='退回到'),
        ),
        migrations.AlterField(
            model_name='ordersource',
            name='kind',
            field=models.CharField(choices=[('coupon', '优惠券'), ('points', '积分'), ('principal', '余额 · 本金'), ('bonus', '余额 · 赠金'), ('cashback', '余额 · 返现'), ('wechat', '微信支付')], max_length=16, verbose_name='付款来源'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'PAID'), _negated=True), ('amount', django.db.models.expressions.CombinedExpression(models.F('paid_from_balance'), '+', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('paid_from_coupons'), '+', models.F('paid_from_points')), '+', models.F('paid_from_channel')))), _connector='OR'), name='a_paid_order_is_paid_in_full'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('refunded__gte', 0), ('refunding__gte', 0), ('paid_from_balance__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('refunding'), '+', models.F('refunded')), '-', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('paid_from_coupons'), '+', models.F('paid_from_points')), '+', models.F('paid_from_channel'))))), name='no_more_goes_back_than_was_paid'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('from_balance__gte', 0), ('from_channel__gte', 0), ('from_coupons__gte', 0), ('from_points__gte', 0), models.Q(('from_balance', 0), ('from_channel', 0), ('from_coupons', 0), ('from_points', 0), _negated=True)), name='a_payment_has_an_amount'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('from_coupons', 0), ('from_points', 0)), models.Q(('order__isnull', False), ('uses_discounts', True)), _connector='OR'), name='a_discount_is_of_an_order'),
        ),
    ]
