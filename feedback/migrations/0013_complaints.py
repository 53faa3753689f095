
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0012_first_articles'),
    ]

    operations = [
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complaint_id', models.CharField(max_length=64, unique=True, verbose_name='投诉单号')),
                ('state', models.CharField(choices=[('NOTICED', '待读取'), ('PENDING', '待处理'), ('PROCESSING', '处理中'), ('PROCESSED', '已处理完成')], default='NOTICED', max_length=12, verbose_name='微信状态')),
                ('problem_type', models.CharField(blank=True, max_length=32, verbose_name='问题类型')),
                ('problem', models.CharField(blank=True, max_length=200, verbose_name='问题描述')),
                ('payment_no', models.CharField(blank=True, max_length=32, verbose_name='支付单号')),
                ('transaction_id', models.CharField(blank=True, max_length=32, verbose_name='微信支付单号')),
                ('about', models.CharField(blank=True, db_index=True, max_length=80, verbose_name='关联业务')),
                ('paid', models.BigIntegerField(default=0, verbose_name='支付金额')),
                ('refund_wanted', models.BigIntegerField(null=True, verbose_name='申请退款金额')),
                ('phone_sealed', models.BinaryField(default=b'', verbose_name='联系电话（加密）')),
                ('times', models.PositiveSmallIntegerField(default=1, verbose_name='投诉次数')),
                ('is_unanswered', models.BooleanField(default=False, verbose_name='投诉人等待回复')),
                ('is_refunded', models.BooleanField(default=False, verbose_name='已全额退款')),
                ('with_platform', models.BooleanField(default=False, verbose_name='微信客服已介入')),
                ('is_urgent', models.BooleanField(default=False, verbose_name='需要立即服务')),
                ('heard', models.JSONField(default=list, verbose_name='已读取的协商记录')),
                ('complained_at', models.DateTimeField(null=True, verbose_name='投诉时间')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='首次答复时间')),
                ('processed_at', models.DateTimeField(null=True, verbose_name='处理完成时间')),
                ('noticed_at', models.DateTimeField(verbose_name='得知时间')),
                ('read_at', models.DateTimeField(null=True, verbose_name='最近读取')),
                ('look_at', models.DateTimeField(null=True, verbose_name='下次读取')),
                ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='读取失败次数')),
                ('last_error', models.CharField(blank=True, max_length=200, verbose_name='最近错误')),
                ('ticket', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='feedback.ticket', verbose_name='工单')),
            ],
            options={
                'verbose_name': '微信支付投诉',
                'verbose_name_plural': '微信支付投诉',
                'permissions': [('answer_complaint', '处理微信支付投诉')],
            },
        ),
        migrations.CreateModel(
            name='ComplaintTelling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('RESPONSE', '回复投诉人'), ('COMPLETE', '反馈处理完成'), ('PROMISE', '同意退款'), ('REFUSAL', '拒绝退款')], max_length=8, verbose_name='内容')),
                ('text', models.CharField(blank=True, max_length=200, verbose_name='文字')),
                ('part', models.PositiveSmallIntegerField(default=0, verbose_name='第几段')),
                ('media_ids', models.JSONField(null=True, verbose_name='图片')),
                ('state', models.CharField(choices=[('WAITING', '待送达'), ('SENT', '已送达'), ('REFUSED', '微信未接受'), ('NEEDLESS', '不再需要')], default='WAITING', max_length=8, verbose_name='状态')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='尝试次数')),
                ('next_try_at', models.DateTimeField(null=True, verbose_name='下次尝试')),
                ('last_error', models.CharField(blank=True, max_length=200, verbose_name='最近错误')),
                ('made_at', models.DateTimeField(verbose_name='提出时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tellings', to='feedback.complaint', verbose_name='投诉单')),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='feedback.ticketmessage', verbose_name='工单留言')),
            ],
            options={
                'verbose_name': '发给微信的处理结果',
                'verbose_name_plural': '发给微信的处理结果',
            },
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(condition=models.Q(('look_at__isnull', False)), fields=['look_at'], name='complaint_with_news'),
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(fields=['-complained_at'], name='complaint_by_age'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(('paid__gte', 0), models.Q(('refund_wanted', None), ('refund_wanted__gte', 0), _connector='OR')), name='a_complaint_is_about_no_less_than_nothing'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('read_at', None), ('state', 'NOTICED')), models.Q(('complained_at__isnull', False), ('read_at__isnull', False), ('ticket__isnull', False)), _connector='OR'), name='a_complaint_that_was_read_has_a_ticket'),
        ),
        migrations.AddIndex(
            model_name='complainttelling',
            index=models.Index(condition=models.Q(('state', 'WAITING')), fields=['next_try_at'], name='telling_due'),
        ),
        migrations.AddConstraint(
            model_name='complainttelling',
            constraint=models.UniqueConstraint(fields=('complaint', 'message', 'part'), name='a_part_of_an_answer_is_told_once'),
        ),
        migrations.AddConstraint(
            model_name='complainttelling',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('next_try_at__isnull', False), ('state', 'WAITING')), models.Q(models.Q(('state', 'WAITING'), _negated=True), ('ended_at__isnull', False), ('next_try_at', None)), _connector='OR'), name='a_telling_waits_or_has_ended'),
        ),
    ]
