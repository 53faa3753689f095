from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('flow', models.CharField(choices=[('money', '全部资金业务'), ('topup', '充值'), ('pay', '付款'), ('transfer', '转账与红包'), ('refund', '退款'), ('withdraw', '提现'), ('callback_apply', '回调入账'), ('coupons', '优惠券、积分与活动'), ('sms', '短信'), ('register', '新用户注册'), ('read_only', '只读')], max_length=16, verbose_name='业务')),
                ('cause', models.CharField(choices=[('drift', '账务不符'), ('staff', '人工暂停'), ('trip', '自动熔断')], max_length=8, verbose_name='起因')),
                ('reason', models.CharField(max_length=200, verbose_name='原因')),
                ('since', models.DateTimeField(verbose_name='暂停时间')),
                ('raised_by', models.CharField(max_length=64, verbose_name='暂停人')),
                ('lifted_at', models.DateTimeField(null=True, verbose_name='恢复时间')),
                ('lifted_by', models.CharField(blank=True, max_length=64, verbose_name='恢复人')),
                ('lifted_reason', models.CharField(blank=True, max_length=200, verbose_name='恢复原因')),
            ],
            options={
                'verbose_name': '业务暂停',
                'verbose_name_plural': '业务暂停',
                'permissions': [('pause_flow', '暂停业务'), ('approve_lift_pause', '审批恢复业务')],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('flow',), name='a_flow_is_paused_once_at_a_time'),
                    models.CheckConstraint(condition=models.Q(models.Q(('lifted_at', None), ('lifted_by', ''), ('lifted_reason', '')), models.Q(('lifted_at__isnull', False), models.Q(('lifted_by', ''), _negated=True), models.Q(('lifted_reason', ''), _negated=True)), _connector='OR'), name='a_lifted_pause_says_by_whom_and_why'),
                ],
            },
        ),
    ]
