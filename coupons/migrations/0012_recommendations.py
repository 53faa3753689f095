from datetime import datetime, timedelta, timezone

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wallet_project.kit.migrating import first_rows

_BEGAN = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=8)))


def _policy(_apps):
    """What ends soon comes first, then what is close to being reached, then where one goes."""
    weights = {"expiring": 5, "next_tier": 4, "recent": 3, "hour": 2, "similar": 2, "popular": 1}
    yield {"state": "LIVE", "live_at": _BEGAN, **weights}


def _experiment(_apps):
    """A tenth sees what anybody would see."""
    yield {
        "key": "recommendations",
        "name": "个性化推荐",
        "holdout": 1_000,
        "state": "RUNNING",
        "started_at": _BEGAN,
    }


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_guards_and_functions'),
        ('coupons', '0011_campaign_audiences'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PlaceRanking',
            fields=[
                ('place', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='地点')),
                ('place_name', models.CharField(max_length=64, verbose_name='地点名称')),
                ('people', models.PositiveIntegerField(verbose_name='人数')),
            ],
            options={
                'verbose_name': '热门门店',
                'verbose_name_plural': '热门门店',
            },
        ),
        migrations.CreateModel(
            name='RecommendationPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('DRAFT', '草稿'), ('LIVE', '已生效'), ('RETIRED', '已停用')], default='DRAFT', max_length=8, verbose_name='状态')),
                ('live_at', models.DateTimeField(editable=False, null=True, verbose_name='生效时间')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                ('expiring', models.PositiveSmallIntegerField(verbose_name='即将到期')),
                ('next_tier', models.PositiveSmallIntegerField(verbose_name='会员升级')),
                ('recent', models.PositiveSmallIntegerField(verbose_name='最近常去')),
                ('hour', models.PositiveSmallIntegerField(verbose_name='这个时段常去')),
                ('similar', models.PositiveSmallIntegerField(verbose_name='相似顾客喜欢')),
                ('popular', models.PositiveSmallIntegerField(verbose_name='大家喜欢')),
            ],
            options={
                'verbose_name': '推荐策略',
                'verbose_name_plural': '推荐策略',
                'permissions': [('approve_recommendationpolicy', '审批推荐策略')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'LIVE')), fields=('state',), name='one_recommendation_policy_is_in_force')],
            },
        ),
        migrations.CreateModel(
            name='Taste',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='顾客')),
                ('is_personal', models.BooleanField(default=True, verbose_name='个性化推荐')),
                ('places', models.JSONField(default=dict, verbose_name='门店')),
                ('refreshed_at', models.DateTimeField(null=True, verbose_name='更新时间')),
            ],
            options={
                'verbose_name': '推荐偏好',
                'verbose_name_plural': '推荐偏好',
                'constraints': [models.CheckConstraint(condition=models.Q(('is_personal', True), ('places', {}), _connector='OR'), name='who_wants_nothing_personal_is_not_known')],
            },
        ),
        migrations.CreateModel(
            name='RecommendationClick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, verbose_name='内容')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='顾客')),
            ],
            options={
                'verbose_name': '推荐点击',
                'verbose_name_plural': '推荐点击',
                'indexes': [models.Index(fields=['at'], name='clicks_by_time')],
            },
        ),
        first_rows("coupons.RecommendationPolicy", _policy),
        first_rows("coupons.Experiment", _experiment),
    ]
