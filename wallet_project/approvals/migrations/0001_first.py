from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=64, verbose_name='类型')),
                ('subject', models.CharField(max_length=64, verbose_name='对象')),
                ('facts', models.JSONField(verbose_name='内容')),
                ('reason', models.CharField(max_length=200, verbose_name='申请理由')),
                ('state', models.CharField(choices=[('OPEN', '待审批'), ('APPROVED', '已批准'), ('REJECTED', '已驳回'), ('WITHDRAWN', '已撤回'), ('EXPIRED', '已过期')], default='OPEN', max_length=12, verbose_name='状态')),
                ('maker_id', models.BigIntegerField(verbose_name='申请人')),
                ('checker_id', models.BigIntegerField(blank=True, null=True, verbose_name='审批人')),
                ('comment', models.CharField(blank=True, max_length=200, verbose_name='审批意见')),
                ('outcome', models.CharField(blank=True, max_length=200, verbose_name='执行结果')),
                ('created_at', models.DateTimeField(verbose_name='申请时间')),
                ('expires_at', models.DateTimeField(verbose_name='有效期至')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='办结时间')),
            ],
            options={
                'verbose_name': '审批',
                'verbose_name_plural': '审批',
                'indexes': [
                    models.Index(condition=models.Q(('state', 'OPEN')), fields=['expires_at'], name='proposal_open_until'),
                    models.Index(fields=['state', '-id'], name='proposal_by_state'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('maker_id', models.F('checker_id')), _negated=True), name='nobody_checks_their_own'),
                    models.CheckConstraint(condition=models.Q(models.Q(('checker_id__isnull', False), ('state__in', ['APPROVED', 'REJECTED'])), models.Q(('checker_id', None), ('state__in', ['OPEN', 'WITHDRAWN', 'EXPIRED'])), _connector='OR'), name='a_decision_names_its_checker'),
                    models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'OPEN')), models.Q(models.Q(('state', 'OPEN'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='an_ended_proposal_says_when'),
                    models.UniqueConstraint(condition=models.Q(('state', 'OPEN')), fields=('kind', 'subject'), name='one_open_proposal_of_a_kind'),
                ],
            },
        ),
    ]
