from datetime import datetime, timedelta, timezone

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from wallet_project.kit.migrating import Tables, first_rows


def _policy(_apps):
    """A year, as is usual; a week in which a purchase may go back; a yuan for a hundred, half an order at most."""
    yield {
        "state": "LIVE",
        "live_at": datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=8))),
        "mode": "ROLLING",
        "months": 12,
        "notice_days": 30,
        "refund_days": 7,
        "per_yuan": 100,
        "order_share": 5_000,
    }


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('coupons', '0003_issuing'),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name='Good',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('DRAFT', '草稿'), ('LIVE', '已生效'), ('RETIRED', '已停用')], default='DRAFT', max_length=8, verbose_name='状态')),
                    ('live_at', models.DateTimeField(editable=False, null=True, verbose_name='生效时间')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                    ('name', models.CharField(max_length=32, verbose_name='名称')),
                    ('kind', models.CharField(choices=[('COUPON', '优惠券'), ('CREDIT', '余额（赠金）'), ('PHYSICAL', '实物'), ('MAKE_UP_CARD', '补签卡')], max_length=16, verbose_name='类型')),
                    ('description', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                    ('points', models.PositiveIntegerField(verbose_name='所需积分')),
                    ('credit', models.BigIntegerField(blank=True, null=True, verbose_name='余额（赠金）')),
                    ('credit_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='赠金有效天数')),
                    ('pick_up_at', models.CharField(blank=True, max_length=64, verbose_name='自提地点')),
                    ('stock', models.PositiveIntegerField(verbose_name='库存')),
                    ('taken', models.PositiveIntegerField(default=0, editable=False, verbose_name='已兑')),
                    ('per_person', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='每人限兑')),
                    ('starts_at', models.DateTimeField(verbose_name='开始时间')),
                    ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                    ('template', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coupons.coupontemplate', verbose_name='优惠券')),
                ],
                options={
                    'verbose_name': '积分商品',
                    'verbose_name_plural': '积分商品',
                    'permissions': [('approve_good', '审批积分商品')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('taken__lte', models.F('stock'))), name='no_more_goods_than_there_are'), models.CheckConstraint(condition=models.Q(('points__gt', 0)), name='a_good_costs_points'), models.CheckConstraint(condition=models.Q(models.Q(('credit__gt', 0), ('kind', 'CREDIT'), ('pick_up_at', ''), ('template', None)), models.Q(('credit', None), ('kind', 'COUPON'), ('pick_up_at', ''), ('template__isnull', False)), models.Q(('credit', None), ('kind', 'PHYSICAL'), ('template', None), models.Q(('pick_up_at', ''), _negated=True)), models.Q(('credit', None), ('kind', 'MAKE_UP_CARD'), ('pick_up_at', ''), ('template', None)), _connector='OR'), name='a_good_is_one_thing'), models.CheckConstraint(condition=models.Q(('credit', None), ('credit__lte', models.F('points')), _connector='OR'), name='a_point_is_worth_no_more_credit_than_it_is_booked_at'), models.CheckConstraint(condition=models.Q(('per_person', None), ('per_person__gt', 0), _connector='OR'), name='a_good_may_be_taken_once'), models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='a_good_is_there_for_a_while')],
                },
            ),
            migrations.CreateModel(
                name='MallOrder',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=32, unique=True, verbose_name='兑换单号')),
                    ('points', models.PositiveIntegerField(verbose_name='积分')),
                    ('nth', models.PositiveIntegerField(null=True, verbose_name='第几次')),
                    ('per_person', models.PositiveSmallIntegerField(null=True, verbose_name='每人限兑')),
                    ('state', models.CharField(choices=[('WAITING', '待自提'), ('PICKED_UP', '已自提'), ('CANCELLED', '已取消'), ('DONE', '已到账')], max_length=12, verbose_name='状态')),
                    ('code_sealed', models.BinaryField(null=True)),
                    ('code_hash', models.BinaryField(null=True, unique=True)),
                    ('made_at', models.DateTimeField(verbose_name='兑换时间')),
                    ('ended_at', models.DateTimeField(null=True, verbose_name='办结时间')),
                    ('ended_by', models.CharField(blank=True, max_length=64, verbose_name='办结人')),
                    ('good', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coupons.good', verbose_name='积分商品')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='顾客')),
                ],
                options={
                    'verbose_name': '积分兑换',
                    'verbose_name_plural': '积分兑换',
                    'permissions': [('redeem_mallorder', '核销、取消积分兑换')],
                    'indexes': [models.Index(fields=['user', '-id'], name='mall_orders_of_user')],
                    'constraints': [models.UniqueConstraint(fields=('good', 'user', 'nth'), name='a_good_is_taken_one_by_one'), models.CheckConstraint(condition=models.Q(('per_person', None), ('nth__lte', models.F('per_person')), _connector='OR'), name='a_good_is_not_taken_too_often'), models.CheckConstraint(condition=models.Q(models.Q(('code_hash', None), ('state', 'DONE')), models.Q(models.Q(('state', 'DONE'), _negated=True), ('code_hash__isnull', False)), _connector='OR'), name='what_is_picked_up_has_a_code')],
                },
            ),
            migrations.CreateModel(
                name='PointRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('DRAFT', '草稿'), ('LIVE', '已生效'), ('RETIRED', '已停用')], default='DRAFT', max_length=8, verbose_name='状态')),
                    ('live_at', models.DateTimeField(editable=False, null=True, verbose_name='生效时间')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                    ('name', models.CharField(max_length=32, verbose_name='名称')),
                    ('event', models.CharField(choices=[('PURCHASE', '消费'), ('CHECK_IN', '签到'), ('REGISTERED', '注册'), ('PHONE_BOUND', '绑定手机'), ('FIRST_TOP_UP', '首次充值'), ('TUTORIAL_DONE', '完成新手引导'), ('QUIZ_PASSED', '通过安全测验'), ('SURVEY_ANSWERED', '完成问卷')], max_length=16, verbose_name='场景')),
                    ('rate', models.PositiveIntegerField(default=0, help_text='只用于消费', verbose_name='每消费 100 元得积分')),
                    ('points', models.PositiveIntegerField(default=0, help_text='用于消费以外的场景', verbose_name='每次得积分')),
                    ('every_days', models.PositiveSmallIntegerField(default=1, help_text='只用于签到', validators=[django.core.validators.MinValueValidator(1)], verbose_name='每连续签到几天')),
                    ('kind', models.CharField(blank=True, choices=[('', '不限'), ('STORE', '门店'), ('SHOP', '商城')], default='', max_length=8, verbose_name='消费来源')),
                    ('places', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, help_text='如 store:renmin，多个用逗号分隔；不填为所有门店', size=None, verbose_name='门店')),
                    ('tier', models.CharField(blank=True, default='', help_text='不填为所有人', max_length=32, verbose_name='会员等级')),
                    ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(7)]), blank=True, default=list, help_text='1 为周一，7 为周日，多个用逗号分隔；不填为每天', size=None, verbose_name='星期')),
                    ('hour_from', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(23)], verbose_name='从几点')),
                    ('hour_until', models.PositiveSmallIntegerField(default=24, validators=[django.core.validators.MaxValueValidator(24)], verbose_name='到几点')),
                    ('least', models.BigIntegerField(default=0, verbose_name='满多少元')),
                    ('most', models.PositiveIntegerField(blank=True, null=True, verbose_name='每笔最多得积分')),
                    ('most_a_day', models.PositiveIntegerField(blank=True, null=True, verbose_name='每人每天最多得积分')),
                    ('starts_at', models.DateTimeField(verbose_name='开始时间')),
                    ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ],
                options={
                    'verbose_name': '积分规则',
                    'verbose_name_plural': '积分规则',
                    'permissions': [('approve_pointrule', '审批积分规则')],
                    'indexes': [models.Index(condition=models.Q(('state', 'LIVE')), fields=['event'], name='rules_in_force')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('event', 'PURCHASE'), ('points', 0), ('rate__gt', 0)), models.Q(models.Q(('event', 'PURCHASE'), _negated=True), ('points__gt', 0), ('rate', 0)), _connector='OR'), name='a_rule_gives_points'), models.CheckConstraint(condition=models.Q(('every_days__gte', 1)), name='a_streak_is_a_day_at_least'), models.CheckConstraint(condition=models.Q(('hour_until__gt', models.F('hour_from')), ('hour_until__lte', 24)), name='a_rule_has_an_hour'), models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='a_rule_is_there_for_a_while')],
                },
            ),
            migrations.CreateModel(
                name='PointsAccount',
                fields=[
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='顾客')),
                    ('pending', models.BigIntegerField(default=0, verbose_name='待生效')),
                    ('active', models.BigIntegerField(default=0, verbose_name='可用')),
                    ('reserved', models.BigIntegerField(default=0, verbose_name='预留')),
                    ('debt', models.BigIntegerField(default=0, verbose_name='欠缴')),
                    ('make_up_cards', models.IntegerField(default=0, verbose_name='补签卡')),
                ],
                options={
                    'verbose_name': '积分账户',
                    'verbose_name_plural': '积分账户',
                    'constraints': [models.CheckConstraint(condition=models.Q(('active__gte', 0), ('debt__gte', 0), ('pending__gte', 0), ('reserved__gte', 0)), name='points_are_never_negative'), models.CheckConstraint(condition=models.Q(('debt', 0), ('active', 0), _connector='OR'), name='who_owes_points_has_none'), models.CheckConstraint(condition=models.Q(('make_up_cards__gte', 0)), name='a_make_up_card_is_used_once')],
                },
            ),
            migrations.CreateModel(
                name='PointsEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('EARNED', '获得'), ('SPENT', '使用'), ('RETURNED', '退回'), ('EXPIRED', '过期'), ('TAKEN_BACK', '退款收回'), ('DEBT_PAID', '抵扣欠缴'), ('GIVEN_UP', '注销放弃')], max_length=12, verbose_name='类型')),
                    ('points', models.BigIntegerField(verbose_name='积分')),
                    ('owed', models.BigIntegerField(default=0, verbose_name='转欠缴')),
                    ('title', models.CharField(max_length=64, verbose_name='说明')),
                    ('reference', models.CharField(blank=True, max_length=64, verbose_name='业务单号')),
                    ('source', models.CharField(blank=True, max_length=96, verbose_name='来源')),
                    ('at', models.DateTimeField(verbose_name='时间')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coupons.pointsaccount', verbose_name='积分账户')),
                ],
                options={
                    'verbose_name': '积分明细',
                    'verbose_name_plural': '积分明细',
                    'indexes': [models.Index(fields=['account', '-id'], name='points_history')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('source', ''), _negated=True), fields=('source',), name='points_come_from_a_source_once')],
                },
            ),
            migrations.CreateModel(
                name='PointsLot',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('source', models.CharField(max_length=96, unique=True, verbose_name='来源')),
                    ('title', models.CharField(max_length=64, verbose_name='说明')),
                    ('reference', models.CharField(blank=True, max_length=64, verbose_name='业务单号')),
                    ('amount', models.BigIntegerField(verbose_name='积分')),
                    ('left', models.BigIntegerField(verbose_name='剩余')),
                    ('reserved', models.BigIntegerField(default=0, verbose_name='预留')),
                    ('spent', models.BigIntegerField(default=0, verbose_name='已用')),
                    ('expired', models.BigIntegerField(default=0, verbose_name='已过期')),
                    ('taken', models.BigIntegerField(default=0, verbose_name='已收回')),
                    ('owed', models.BigIntegerField(default=0, verbose_name='转欠缴')),
                    ('is_pending', models.BooleanField(verbose_name='待生效')),
                    ('is_announced', models.BooleanField(default=False, verbose_name='已提醒到期')),
                    ('given_at', models.DateTimeField(verbose_name='发放时间')),
                    ('active_at', models.DateTimeField(verbose_name='生效时间')),
                    ('expires_at', models.DateTimeField(verbose_name='到期时间')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='coupons.pointsaccount', verbose_name='积分账户')),
                    ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coupons.pointrule', verbose_name='积分规则')),
                ],
                options={
                    'verbose_name': '积分批次',
                    'verbose_name_plural': '积分批次',
                    'indexes': [models.Index(condition=models.Q(('is_pending', False), ('left__gt', 0)), fields=['account', 'expires_at', 'id'], name='lots_to_take_from'), models.Index(condition=models.Q(('is_pending', True), ('left__gt', 0)), fields=['active_at'], name='lots_to_activate'), models.Index(condition=models.Q(('is_pending', False), ('left__gt', 0)), fields=['expires_at'], name='lots_to_expire'), models.Index(fields=['rule', 'account', 'given_at'], name='lots_of_a_rule'), models.Index(condition=models.Q(('reference', ''), _negated=True), fields=['reference'], name='lots_of_a_reference')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('expired__gte', 0), ('left__gte', 0), ('owed__gte', 0), ('reserved__gte', 0), ('spent__gte', 0), ('taken__gte', 0), ('amount', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('left'), '+', models.F('reserved')), '+', models.F('spent')), '+', models.F('expired')), '+', models.F('taken')))), name='every_point_of_a_lot_is_somewhere'), models.CheckConstraint(condition=models.Q(('amount__gte', django.db.models.expressions.CombinedExpression(models.F('taken'), '+', models.F('owed')))), name='no_more_of_a_lot_is_taken_back'), models.CheckConstraint(condition=models.Q(('is_pending', False), models.Q(('expired', 0), ('reserved', 0), ('spent', 0)), _connector='OR'), name='pending_points_are_not_used')],
                },
            ),
            migrations.CreateModel(
                name='PointsPolicy',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('DRAFT', '草稿'), ('LIVE', '已生效'), ('RETIRED', '已停用')], default='DRAFT', max_length=8, verbose_name='状态')),
                    ('live_at', models.DateTimeField(editable=False, null=True, verbose_name='生效时间')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                    ('mode', models.CharField(choices=[('ROLLING', '满期当日'), ('MONTH_END', '满期当月月底'), ('YEAR_END', '满期当年年底')], max_length=12, verbose_name='有效期方式')),
                    ('months', models.PositiveSmallIntegerField(verbose_name='有效月数')),
                    ('notice_days', models.PositiveSmallIntegerField(verbose_name='提前几天提醒')),
                    ('refund_days', models.PositiveSmallIntegerField(verbose_name='消费后几天生效')),
                    ('per_yuan', models.PositiveIntegerField(verbose_name='多少积分抵 1 元')),
                    ('order_share', models.PositiveIntegerField(verbose_name='每单最多抵扣（万分之一）')),
                ],
                options={
                    'verbose_name': '积分政策',
                    'verbose_name_plural': '积分政策',
                    'permissions': [('approve_pointspolicy', '审批积分政策')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'LIVE')), fields=('state',), name='one_points_policy_is_in_force'), models.CheckConstraint(condition=models.Q(('per_yuan__gte', 100)), name='a_point_buys_no_more_than_it_is_booked_at'), models.CheckConstraint(condition=models.Q(('order_share__lte', 10000)), name='points_pay_one_order_at_most'), models.CheckConstraint(condition=models.Q(('months__gte', 1)), name='points_last_a_month_at_least')],
                },
            ),
            migrations.CreateModel(
                name='PointsSpend',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reference', models.CharField(max_length=64, verbose_name='业务单号')),
                    ('title', models.CharField(max_length=64, verbose_name='说明')),
                    ('points', models.BigIntegerField(verbose_name='积分')),
                    ('state', models.CharField(choices=[('RESERVED', '预留'), ('USED', '已用'), ('FREED', '已释放')], default='RESERVED', max_length=8, verbose_name='状态')),
                    ('at', models.DateTimeField(verbose_name='时间')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coupons.pointsaccount', verbose_name='积分账户')),
                ],
                options={
                    'verbose_name': '积分使用',
                    'verbose_name_plural': '积分使用',
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'FREED'), _negated=True), fields=('reference',), name='a_reference_takes_points_once'), models.CheckConstraint(condition=models.Q(('points__gt', 0)), name='a_spend_takes_points')],
                },
            ),
            migrations.CreateModel(
                name='PointsSpendPart',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('points', models.BigIntegerField(verbose_name='积分')),
                    ('returned', models.BigIntegerField(default=0, verbose_name='已退回')),
                    ('lot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coupons.pointslot', verbose_name='积分批次')),
                    ('spend', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='coupons.pointsspend', verbose_name='积分使用')),
                ],
                options={
                    'verbose_name': '积分使用明细',
                    'verbose_name_plural': '积分使用明细',
                    'constraints': [models.UniqueConstraint(fields=('spend', 'lot'), name='a_spend_takes_a_lot_once'), models.CheckConstraint(condition=models.Q(('points__gt', 0), ('returned__gte', 0), ('returned__lte', models.F('points'))), name='no_more_points_return_than_were_taken')],
                },
            ),
            migrations.CreateModel(
                name='CheckIn',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField(verbose_name='日期')),
                    ('began', models.DateField(verbose_name='连续签到始于')),
                    ('is_made_up', models.BooleanField(default=False, verbose_name='补签')),
                    ('at', models.DateTimeField(verbose_name='时间')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='顾客')),
                ],
                options={
                    'verbose_name': '签到',
                    'verbose_name_plural': '签到',
                    'constraints': [models.UniqueConstraint(fields=('user', 'day'), name='a_day_is_checked_in_once'), models.CheckConstraint(condition=models.Q(('day__gte', models.F('began'))), name='a_streak_begins_before_its_days')],
                },
            ),
        ),
        first_rows("coupons.PointsPolicy", _policy),
    ]
