import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='BillAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('biller', models.CharField(max_length=32)),
                ('account', models.CharField(max_length=32)),
                ('owner', models.CharField(max_length=64)),
                ('due', models.PositiveIntegerField(default=0)),
                ('due_date', models.DateField(null=True)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('biller', 'account'), name='a_biller_has_an_account_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='BillCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(max_length=64, unique=True)),
                ('owner', models.CharField(max_length=64)),
                ('number_hash', models.CharField(max_length=64)),
                ('last_four', models.CharField(max_length=4)),
                ('bank', models.CharField(max_length=32)),
                ('holder', models.CharField(max_length=64)),
                ('due', models.PositiveIntegerField(default=0)),
                ('due_date', models.DateField(null=True)),
                ('released_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('released_at', None)), fields=('owner', 'number_hash'), name='an_owner_binds_a_card_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='BillPayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('payment_id', models.CharField(max_length=40, unique=True)),
                ('number', models.CharField(max_length=32, unique=True)),
                ('asked', models.JSONField()),
                ('biller', models.CharField(max_length=32)),
                ('to', models.CharField(max_length=64)),
                ('amount', models.PositiveIntegerField()),
                ('notify_url', models.CharField(max_length=255)),
                ('state', models.CharField(choices=[('PROCESSING', '处理中'), ('SUCCESS', '缴费成功'), ('FAILED', '缴费失败'), ('REVERSED', '已退回')], default='PROCESSING', max_length=12)),
                ('reason', models.CharField(blank=True, max_length=32)),
                ('outcome', models.CharField(choices=[('PROCESSING', '处理中'), ('SUCCESS', '缴费成功'), ('FAILED', '缴费失败'), ('REVERSED', '已退回')], default='SUCCESS', max_length=12)),
                ('unheard', models.BooleanField(default=False)),
                ('due_at', models.DateTimeField(db_index=True, null=True)),
                ('reverse_at', models.DateTimeField(db_index=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('reversed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Shipping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('transaction_id', models.CharField(max_length=32, unique=True)),
                ('told', models.JSONField()),
                ('times', models.PositiveIntegerField(default=1)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='MerchantTransfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('transfer_bill_no', models.CharField(max_length=64, unique=True)),
                ('out_bill_no', models.CharField(max_length=32, unique=True)),
                ('asked', models.JSONField()),
                ('openid', models.CharField(max_length=64)),
                ('amount', models.PositiveIntegerField()),
                ('remark', models.CharField(max_length=32)),
                ('notify_url', models.CharField(blank=True, max_length=256)),
                ('package_info', models.CharField(max_length=256, unique=True)),
                ('state', models.CharField(choices=[('ACCEPTED', '已受理'), ('PROCESSING', '处理中'), ('WAIT_USER_CONFIRM', '待收款用户确认'), ('TRANSFERING', '转账中'), ('SUCCESS', '转账成功'), ('FAIL', '转账失败'), ('CANCELING', '撤销中'), ('CANCELLED', '已撤销')], default='WAIT_USER_CONFIRM', max_length=20)),
                ('fail_reason', models.CharField(blank=True, max_length=48)),
                ('fails_with', models.CharField(blank=True, max_length=48)),
                ('is_stuck', models.BooleanField(default=False)),
                ('looks', models.PositiveIntegerField(default=0)),
                ('due_at', models.DateTimeField(db_index=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='WeChatName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('openid', models.CharField(max_length=64, unique=True)),
                ('name', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='LoginCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=64, unique=True)),
                ('openid', models.CharField(max_length=128)),
                ('minted_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='PhoneCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=64, unique=True)),
                ('openid', models.CharField(blank=True, max_length=128)),
                ('phone', models.CharField(max_length=20)),
                ('minted_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='RiskRank',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('openid', models.CharField(max_length=128, unique=True)),
                ('rank', models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='TextMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phone', models.CharField(db_index=True, max_length=20)),
                ('template', models.CharField(max_length=64)),
                ('text', models.TextField()),
                ('vendor', models.CharField(max_length=16)),
                ('sent_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SoterKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('openid', models.CharField(max_length=128)),
                ('device', models.CharField(max_length=64)),
                ('cpu_id', models.CharField(max_length=64)),
                ('private_key', models.TextField()),
                ('counter', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('openid', 'device'), name='a_phone_has_one_key_per_person'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AccessToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(max_length=512, unique=True)),
                ('issued_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('forced', models.BooleanField(default=False)),
                ('revoked', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('out_trade_no', models.CharField(max_length=32, unique=True)),
                ('prepay_id', models.CharField(max_length=64, unique=True)),
                ('prepaid_at', models.DateTimeField()),
                ('asked', models.JSONField()),
                ('openid', models.CharField(max_length=128)),
                ('total', models.PositiveIntegerField()),
                ('description', models.CharField(max_length=127)),
                ('attach', models.CharField(blank=True, max_length=128)),
                ('notify_url', models.CharField(max_length=255)),
                ('expires_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('NOTPAY', '订单未支付'), ('SUCCESS', '支付成功'), ('REFUND', '转入退款'), ('CLOSED', '订单已关闭')], default='NOTPAY', max_length=16)),
                ('cancels', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Transaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('transaction_id', models.CharField(max_length=32, unique=True)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transactions', to='sandbox.order')),
                ('openid', models.CharField(max_length=128)),
                ('total', models.PositiveIntegerField()),
                ('paid_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('refund_id', models.CharField(max_length=32, unique=True)),
                ('out_refund_no', models.CharField(max_length=64, unique=True)),
                ('transaction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='sandbox.transaction')),
                ('amount', models.PositiveIntegerField()),
                ('reason', models.CharField(blank=True, max_length=80)),
                ('notify_url', models.CharField(blank=True, max_length=256)),
                ('status', models.CharField(choices=[('PROCESSING', '退款处理中'), ('SUCCESS', '退款成功'), ('ABNORMAL', '退款异常'), ('CLOSED', '退款关闭')], default='PROCESSING', max_length=16)),
                ('outcome', models.CharField(choices=[('PROCESSING', '退款处理中'), ('SUCCESS', '退款成功'), ('ABNORMAL', '退款异常'), ('CLOSED', '退款关闭')], default='SUCCESS', max_length=16)),
                ('due_at', models.DateTimeField(db_index=True, null=True)),
                ('success_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', models.CharField(max_length=40)),
                ('event_type', models.CharField(max_length=40)),
                ('original_type', models.CharField(max_length=20)),
                ('summary', models.CharField(max_length=40)),
                ('resource', models.JSONField()),
                ('notify_url', models.CharField(max_length=512)),
                ('created_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('WAITING', '待发送'), ('SENDING', '发送中'), ('HELD', '扣住待乱序'), ('DELIVERED', '已送达'), ('GIVEN_UP', '已放弃'), ('DROPPED', '未发送')], default='WAITING', max_length=12)),
                ('due_at', models.DateTimeField(null=True)),
                ('retries', models.PositiveIntegerField(default=0)),
                ('repeats', models.PositiveIntegerField(default=0)),
                ('flaw', models.CharField(blank=True, max_length=20)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['state', 'due_at'], name='notice_by_due_time'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='sandbox.notice')),
                ('sent_at', models.DateTimeField()),
                ('flaw', models.CharField(blank=True, max_length=20)),
                ('serial', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('answer', models.CharField(blank=True, max_length=500)),
                ('milliseconds', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='RegistryAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('id_number', models.CharField(max_length=18, unique=True)),
                ('answer', models.CharField(max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name='RegistryQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=64)),
                ('id_number', models.CharField(max_length=32)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('code', models.CharField(max_length=8)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='FaceSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=64)),
                ('id_number', models.CharField(max_length=32)),
                ('extra', models.CharField(blank=True, max_length=200)),
                ('result', models.CharField(blank=True, max_length=8)),
                ('started_at', models.DateTimeField()),
            ],
        ),
    ]
