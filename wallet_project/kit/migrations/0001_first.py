import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(max_length=64, verbose_name='使用者')),
                ('key', models.CharField(max_length=64, verbose_name='键')),
                ('fingerprint', models.BinaryField(max_length=32, verbose_name='请求指纹')),
                ('locked_until', models.DateTimeField(verbose_name='处理截止')),
                ('subject', models.CharField(blank=True, max_length=64, verbose_name='已产生的结果')),
                ('status', models.PositiveSmallIntegerField(null=True, verbose_name='应答状态')),
                ('body', models.BinaryField(null=True, verbose_name='应答内容')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
            ],
            options={
                'verbose_name': '幂等键',
                'verbose_name_plural': '幂等键',
                'indexes': [
                    models.Index(fields=['created_at'], name='idempotency_created_at'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('scope', 'key'), name='a_key_is_used_for_one_request'),
                ],
            },
        ),
        migrations.CreateModel(
            name='StoredEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=64, verbose_name='事件')),
                ('aggregate', models.CharField(max_length=64, verbose_name='对象')),
                ('payload', models.JSONField(verbose_name='内容')),
                ('request_id', models.CharField(blank=True, max_length=64, verbose_name='请求号')),
                ('published_at', models.DateTimeField(auto_now_add=True, verbose_name='发布时间')),
            ],
            options={
                'verbose_name': '事件',
                'verbose_name_plural': '事件',
                'indexes': [
                    models.Index(fields=['published_at'], name='event_published_at'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='kit.storedevent', verbose_name='事件')),
                ('listener', models.CharField(max_length=128, verbose_name='监听者')),
                ('aggregate', models.CharField(max_length=64, verbose_name='对象')),
                ('state', models.CharField(choices=[('WAITING', '待投递'), ('DELIVERED', '已投递'), ('DEAD', '死信')], default='WAITING', max_length=16, verbose_name='状态')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='次数')),
                ('available_at', models.DateTimeField(verbose_name='下次投递')),
                ('delivered_at', models.DateTimeField(null=True, verbose_name='投递时间')),
                ('last_error', models.TextField(blank=True, verbose_name='最近错误')),
            ],
            options={
                'verbose_name': '事件投递',
                'verbose_name_plural': '事件投递',
                'indexes': [
                    models.Index(condition=models.Q(('state', 'WAITING')), fields=['available_at'], name='delivery_waiting'),
                    models.Index(condition=models.Q(('state__in', ['DELIVERED', 'DEAD']), _negated=True), fields=['listener', 'aggregate', 'id'], name='delivery_in_order'),
                    models.Index(fields=['state', 'delivered_at'], name='delivery_by_state'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('event', 'listener'), name='an_event_reaches_a_listener_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('task', models.CharField(max_length=128, verbose_name='任务')),
                ('arguments', models.JSONField(verbose_name='参数')),
                ('state', models.CharField(choices=[('QUEUED', '排队中'), ('DEAD', '死信')], default='QUEUED', max_length=16, verbose_name='状态')),
                ('sends', models.PositiveSmallIntegerField(default=0, verbose_name='发送次数')),
                ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='失败次数')),
                ('available_at', models.DateTimeField(verbose_name='下次发送')),
                ('last_error', models.TextField(blank=True, verbose_name='最近错误')),
                ('request_id', models.CharField(blank=True, max_length=64, verbose_name='请求号')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
            ],
            options={
                'verbose_name': '任务',
                'verbose_name_plural': '任务',
                'indexes': [
                    models.Index(condition=models.Q(('state', 'QUEUED')), fields=['available_at'], name='job_queued'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=32, primary_key=True, serialize=False, verbose_name='进程')),
                ('at', models.DateTimeField(verbose_name='最近心跳')),
            ],
            options={
                'verbose_name': '心跳',
                'verbose_name_plural': '心跳',
            },
        ),
    ]
