import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from wallet_project.kit.migrating import Tables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name='Checklist',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                    ('title', models.CharField(max_length=64, unique=True, verbose_name='名称')),
                    ('basis', models.CharField(max_length=200, verbose_name='依据')),
                    ('cycle_months', models.PositiveSmallIntegerField(default=12, verbose_name='周期（月）')),
                    ('days_to_do', models.PositiveSmallIntegerField(default=30, verbose_name='完成期限（天）')),
                    ('next_on', models.DateField(verbose_name='下次开始')),
                    ('owner', models.ForeignKey(blank=True, limit_choices_to={'is_active': True, 'is_staff': True}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='负责人')),
                    ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                ],
                options={
                    'verbose_name': '检查清单',
                    'verbose_name_plural': '检查清单',
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('cycle_months__gte', 1), ('cycle_months__lte', 36)), name='a_checklist_comes_round_within_three_years', violation_error_message='周期须为 1–36 个月'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ChecklistItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('checklist', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='compliance.checklist', verbose_name='检查清单')),
                    ('position', models.PositiveSmallIntegerField(verbose_name='序号')),
                    ('text', models.CharField(max_length=200, verbose_name='检查内容')),
                    ('evidence_hint', models.CharField(blank=True, max_length=200, verbose_name='应留证据')),
                ],
                options={
                    'verbose_name': '检查项',
                    'verbose_name_plural': '检查项',
                    'ordering': ['position'],
                    'constraints': [
                        models.UniqueConstraint(fields=('checklist', 'position'), name='an_item_has_its_own_place'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ChecklistRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                    ('checklist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='compliance.checklist', verbose_name='检查清单')),
                    ('opened_on', models.DateField(verbose_name='开始日期')),
                    ('due_on', models.DateField(verbose_name='截止日期')),
                    ('owner', models.ForeignKey(blank=True, limit_choices_to={'is_active': True, 'is_staff': True}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='负责人')),
                    ('state', models.CharField(choices=[('OPEN', '进行中'), ('SUBMITTED', '待签核'), ('SIGNED', '已签核')], default='OPEN', max_length=12, verbose_name='状态')),
                    ('submitted_by', models.ForeignKey(editable=False, limit_choices_to={'is_active': True, 'is_staff': True}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提交人')),
                    ('submitted_at', models.DateTimeField(editable=False, null=True, verbose_name='提交时间')),
                    ('signed_by', models.ForeignKey(editable=False, limit_choices_to={'is_active': True, 'is_staff': True}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='签核人')),
                    ('signed_at', models.DateTimeField(editable=False, null=True, verbose_name='签核时间')),
                    ('remark', models.CharField(blank=True, max_length=200, verbose_name='签核意见')),
                ],
                options={
                    'verbose_name': '检查记录',
                    'verbose_name_plural': '检查记录',
                    'permissions': [('sign_checklistrun', '签核检查记录')],
                    'constraints': [
                        models.UniqueConstraint(fields=('checklist', 'opened_on'), name='a_checklist_is_opened_once_a_day'),
                        models.CheckConstraint(condition=models.Q(models.Q(('signed_at__isnull', False), ('signed_by__isnull', False), ('state', 'SIGNED')), models.Q(models.Q(('state', 'SIGNED'), _negated=True), ('signed_at', None), ('signed_by', None)), _connector='OR'), name='a_signed_run_says_by_whom_and_when'),
                        models.CheckConstraint(condition=models.Q(('state', 'OPEN'), models.Q(('submitted_at__isnull', False), ('submitted_by__isnull', False)), _connector='OR'), name='a_submitted_run_says_by_whom_and_when'),
                        models.CheckConstraint(condition=models.Q(('signed_by', models.F('submitted_by')), _negated=True), name='nobody_signs_what_they_submitted'),
                        models.CheckConstraint(condition=models.Q(('signed_by', models.F('owner')), _negated=True), name='nobody_signs_what_they_own'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='RunItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                    ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='compliance.checklistrun', verbose_name='检查记录')),
                    ('position', models.PositiveSmallIntegerField(editable=False, verbose_name='序号')),
                    ('text', models.CharField(editable=False, max_length=200, verbose_name='检查内容')),
                    ('evidence_hint', models.CharField(blank=True, editable=False, max_length=200, verbose_name='应留证据')),
                    ('result', models.CharField(choices=[('PENDING', '未检查'), ('PASSED', '符合'), ('FAILED', '不符合'), ('NOT_APPLICABLE', '不适用')], default='PENDING', max_length=16, verbose_name='结果')),
                    ('evidence', models.TextField(blank=True, max_length=2000, verbose_name='证据与说明')),
                    ('reference', models.CharField(blank=True, max_length=200, verbose_name='存档位置')),
                ],
                options={
                    'verbose_name': '检查结果',
                    'verbose_name_plural': '检查结果',
                    'ordering': ['position'],
                    'constraints': [
                        models.UniqueConstraint(fields=('run', 'position'), name='a_run_has_an_item_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Licence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                    ('name', models.CharField(max_length=64, verbose_name='证照名称')),
                    ('authority', models.CharField(max_length=64, verbose_name='发证机关')),
                    ('number', models.CharField(max_length=64, verbose_name='证照编号')),
                    ('scope', models.CharField(max_length=200, verbose_name='许可范围')),
                    ('valid_from', models.DateField(verbose_name='生效日期')),
                    ('valid_until', models.DateField(blank=True, help_text='留空表示长期有效', null=True, verbose_name='到期日期')),
                    ('document', models.CharField(help_text='扫描件的档案号或地址', max_length=200, verbose_name='存档位置')),
                    ('owner', models.ForeignKey(limit_choices_to={'is_active': True, 'is_staff': True}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='负责人')),
                    ('is_needed', models.BooleanField(default=True, help_text='不再需要的证照不再提醒', verbose_name='仍需持有')),
                ],
                options={
                    'verbose_name': '证照资质',
                    'verbose_name_plural': '证照资质',
                    'constraints': [
                        models.UniqueConstraint(fields=('authority', 'number'), name='a_licence_is_registered_once', violation_error_message='这张证照已经登记过'),
                        models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='a_licence_ends_after_it_begins', violation_error_message='到期日期必须晚于生效日期'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Reminder',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('LICENCE', '证照'), ('CHECKLIST', '检查'), ('RISK', '风险'), ('TRAINING', '培训'), ('FINDING', '漏洞')], max_length=12, verbose_name='事项')),
                    ('subject', models.CharField(max_length=64, verbose_name='对象')),
                    ('due_on', models.DateField(verbose_name='期限')),
                    ('stage', models.SmallIntegerField(verbose_name='提前天数')),
                    ('sent_at', models.DateTimeField(verbose_name='提醒时间')),
                ],
                options={
                    'verbose_name': '提醒',
                    'verbose_name_plural': '提醒',
                    'indexes': [
                        models.Index(fields=['-sent_at'], name='latest_reminders'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('subject', 'due_on', 'stage'), name='a_deadline_is_told_once_at_each_stage'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='RetentionRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                    ('kind', models.CharField(editable=False, max_length=48, unique=True, verbose_name='数据种类')),
                    ('keep_days', models.PositiveIntegerField(verbose_name='保存天数')),
                    ('basis', models.CharField(max_length=200, verbose_name='依据')),
                    ('enabled', models.BooleanField(default=True, verbose_name='执行')),
                ],
                options={
                    'verbose_name': '保存期限',
                    'verbose_name_plural': '保存期限',
                    'permissions': [('approve_retention', '审批保存期限')],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('keep_days__gte', 1)), name='a_row_is_kept_for_a_day_at_least'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='RetentionRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='compliance.retentionrule', verbose_name='保存期限')),
                    ('before', models.DateTimeField(verbose_name='清理早于')),
                    ('started_at', models.DateTimeField(verbose_name='开始时间')),
                    ('finished_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                    ('state', models.CharField(choices=[('RUNNING', '执行中'), ('DONE', '完成'), ('UNFINISHED', '时间用完，下次继续'), ('FAILED', '失败')], default='RUNNING', max_length=12, verbose_name='状态')),
                    ('cleared', models.PositiveIntegerField(default=0, verbose_name='清理行数')),
                    ('oldest_left', models.DateTimeField(null=True, verbose_name='剩余最早')),
                    ('error', models.CharField(blank=True, max_length=200, verbose_name='错误')),
                ],
                options={
                    'verbose_name': '清理记录',
                    'verbose_name_plural': '清理记录',
                    'indexes': [
                        models.Index(fields=['rule', '-started_at'], name='runs_of_a_rule'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='RiskAssessment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                    ('title', models.CharField(max_length=64, verbose_name='名称')),
                    ('kind', models.CharField(choices=[('GENERAL', '一般风险评估'), ('PRIVACY', '个人信息保护影响评估')], default='GENERAL', max_length=12, verbose_name='类型')),
                    ('scope', models.TextField(max_length=2000, verbose_name='范围与场景')),
                    ('likelihood', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='可能性（1–5）')),
                    ('impact', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='影响（1–5）')),
                    ('score', models.GeneratedField(db_persist=True, expression=django.db.models.expressions.CombinedExpression(models.F('likelihood'), '*', models.F('impact')), output_field=models.PositiveSmallIntegerField(), verbose_name='风险值')),
                    ('treatment', models.CharField(choices=[('REDUCE', '降低'), ('AVOID', '规避'), ('TRANSFER', '转移'), ('ACCEPT', '接受')], max_length=12, verbose_name='处置')),
                    ('measures', models.TextField(max_length=2000, verbose_name='措施')),
                    ('owner', models.ForeignKey(limit_choices_to={'is_active': True, 'is_staff': True}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='负责人')),
                    ('assessed_on', models.DateField(verbose_name='评估日期')),
                    ('due_on', models.DateField(blank=True, null=True, verbose_name='措施截止')),
                    ('measures_done_on', models.DateField(blank=True, null=True, verbose_name='措施完成')),
                    ('review_on', models.DateField(help_text='最迟为评估后一年', verbose_name='下次复评')),
                    ('is_open', models.BooleanField(default=True, verbose_name='仍在管理')),
                ],
                options={
                    'verbose_name': '风险评估',
                    'verbose_name_plural': '风险评估',
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('impact__range', (1, 5)), ('likelihood__range', (1, 5))), name='a_risk_is_measured_from_one_to_five', violation_error_message='可能性和影响须为 1–5'),
                        models.CheckConstraint(condition=models.Q(('review_on__gt', models.F('assessed_on')), ('review_on__lte', django.db.models.expressions.CombinedExpression(models.F('assessed_on'), '+', models.Value(366)))), name='a_risk_is_reviewed_within_a_year', violation_error_message='复评日期须在评估后一年以内'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ScanReport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('tool', models.CharField(choices=[('pip-audit', 'pip-audit'), ('bandit', 'bandit'), ('ruff', 'ruff'), ('generic', '通用格式')], max_length=16, verbose_name='工具')),
                    ('source', models.CharField(help_text='通用格式里是报告自己写的工具名', max_length=32, verbose_name='来源')),
                    ('file_name', models.CharField(max_length=128, verbose_name='文件名')),
                    ('digest', models.BinaryField(max_length=32, verbose_name='SHA-256')),
                    ('imported_at', models.DateTimeField(verbose_name='导入时间')),
                    ('imported_by', models.ForeignKey(limit_choices_to={'is_active': True, 'is_staff': True}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='导入人')),
                    ('seen', models.PositiveIntegerField(verbose_name='问题数')),
                    ('new', models.PositiveIntegerField(verbose_name='新发现')),
                    ('fixed', models.PositiveIntegerField(verbose_name='已修复')),
                ],
                options={
                    'verbose_name': '扫描报告',
                    'verbose_name_plural': '扫描报告',
                    'indexes': [
                        models.Index(fields=['source', '-imported_at'], name='reports_of_a_tool'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Finding',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                    ('source', models.CharField(max_length=32, verbose_name='工具')),
                    ('identifier', models.CharField(max_length=64, verbose_name='编号')),
                    ('place', models.CharField(max_length=200, verbose_name='依赖或文件')),
                    ('title', models.CharField(max_length=300, verbose_name='说明')),
                    ('severity', models.CharField(choices=[('HIGH', '高'), ('MEDIUM', '中'), ('LOW', '低')], max_length=8, verbose_name='等级')),
                    ('count', models.PositiveIntegerField(default=1, verbose_name='处数')),
                    ('detail', models.CharField(blank=True, max_length=200, verbose_name='位置或版本')),
                    ('fixed_version', models.CharField(blank=True, max_length=64, verbose_name='修复版本')),
                    ('first_seen_at', models.DateTimeField(verbose_name='首次发现')),
                    ('last_seen_at', models.DateTimeField(verbose_name='最近发现')),
                    ('state', models.CharField(choices=[('OPEN', '待处理'), ('ACCEPTED', '已接受'), ('FIXED', '已修复')], default='OPEN', max_length=12, verbose_name='状态')),
                    ('accepted_reason', models.CharField(blank=True, max_length=200, verbose_name='接受原因')),
                    ('accepted_until', models.DateField(null=True, verbose_name='接受到')),
                    ('accepted_by', models.ForeignKey(limit_choices_to={'is_active': True, 'is_staff': True}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='接受人')),
                ],
                options={
                    'verbose_name': '扫描问题',
                    'verbose_name_plural': '扫描问题',
                    'indexes': [
                        models.Index(fields=['state', 'severity'], name='findings_by_state'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('source', 'identifier', 'place'), name='a_finding_is_one_row_however_often_seen'),
                        models.CheckConstraint(condition=models.Q(models.Q(models.Q(('accepted_reason', ''), _negated=True), ('accepted_by__isnull', False), ('accepted_until__isnull', False), ('state', 'ACCEPTED')), models.Q(models.Q(('state', 'ACCEPTED'), _negated=True), ('accepted_by', None), ('accepted_reason', ''), ('accepted_until', None)), _connector='OR'), name='an_accepted_finding_says_why_until_when_and_by_whom'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='TrainingCourse',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                    ('title', models.CharField(max_length=64, unique=True, verbose_name='课程')),
                    ('basis', models.CharField(max_length=200, verbose_name='依据')),
                    ('pass_score', models.PositiveSmallIntegerField(default=80, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='及格分')),
                    ('valid_months', models.PositiveSmallIntegerField(default=12, verbose_name='有效期（月）')),
                    ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                    ('roles', models.ManyToManyField(blank=True, help_text='不选表示全体员工', related_name='+', to='auth.group', verbose_name='适用角色')),
                ],
                options={
                    'verbose_name': '培训课程',
                    'verbose_name_plural': '培训课程',
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('pass_score__lte', 100), ('valid_months__gte', 1)), name='a_course_holds_for_a_month_and_asks_at_most_a_hundred', violation_error_message='有效期至少一个月，及格分最多 100'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='TrainingRecord',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                    ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='compliance.trainingcourse', verbose_name='课程')),
                    ('person', models.ForeignKey(limit_choices_to={'is_active': True, 'is_staff': True}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='员工')),
                    ('taken_on', models.DateField(verbose_name='培训日期')),
                    ('score', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(100)], verbose_name='成绩')),
                    ('valid_until', models.DateField(editable=False, null=True, verbose_name='有效期至')),
                    ('reference', models.CharField(blank=True, help_text='签到表、试卷或证书', max_length=200, verbose_name='存档位置')),
                ],
                options={
                    'verbose_name': '培训记录',
                    'verbose_name_plural': '培训记录',
                    'indexes': [
                        models.Index(fields=['person', 'course', '-taken_on'], name='trainings_of_a_person'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('course', 'person', 'taken_on'), name='a_course_is_taken_once_a_day', violation_error_message='这名员工当天的这次培训已经登记过'),
                        models.CheckConstraint(condition=models.Q(('score__lte', 100)), name='a_score_is_a_hundred_at_most', violation_error_message='成绩最多 100 分'),
                    ],
                },
            ),
        ),
    ]
