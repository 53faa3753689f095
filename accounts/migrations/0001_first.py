import accounts.models.users
import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import uuid
from django.conf import settings
from django.db import migrations, models

from wallet_project.kit.migrating import Tables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name='AgreementVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('TERMS', '用户服务协议'), ('PRIVACY', '隐私政策'), ('FEE_SCHEDULE', '收费标准'), ('REAL_NAME', '实名信息处理单独同意书'), ('MARKETING', '营销信息接收同意书')], max_length=16, verbose_name='协议')),
                    ('version', models.PositiveIntegerField(verbose_name='版本')),
                    ('title', models.CharField(max_length=64, verbose_name='标题')),
                    ('body', models.TextField(max_length=60000, verbose_name='正文')),
                    ('summary', models.CharField(blank=True, max_length=500, verbose_name='本次变更说明')),
                    ('is_material', models.BooleanField(default=True, verbose_name='实质变更，需要重新同意')),
                    ('effective_at', models.DateTimeField(blank=True, null=True, verbose_name='生效时间')),
                    ('published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='发布时间')),
                    ('sha256', models.CharField(blank=True, editable=False, max_length=64, verbose_name='正文指纹')),
                ],
                options={
                    'verbose_name': '协议版本',
                    'verbose_name_plural': '协议版本',
                    'permissions': [('publish_agreementversion', '批准发布协议')],
                    'constraints': [
                        models.UniqueConstraint(fields=('kind', 'version'), name='an_agreement_has_a_version_once'),
                        models.UniqueConstraint(condition=models.Q(('published_at', None)), fields=('kind',), name='an_agreement_has_one_draft', violation_error_message='这份协议已有一个草稿，请先发布或删除它'),
                        models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('sha256', '')), models.Q(('effective_at__gte', django.db.models.expressions.CombinedExpression(models.F('published_at'), '+', models.Value(datetime.timedelta(seconds=600)))), ('published_at__isnull', False), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='an_agreement_is_announced_before_it_takes_effect'),
                        models.CheckConstraint(condition=models.Q(models.Q(('version', 1), _negated=True), ('is_material', True), _connector='OR'), name='a_first_version_needs_consent'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='SaveOffer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                    ('reason', models.CharField(choices=[('NOT_USED', '不再使用'), ('PRIVACY', '担心隐私或资金安全'), ('TROUBLE', '使用中遇到问题'), ('NO_BENEFIT', '优惠太少'), ('OTHER_ACCOUNT', '换用另一个账户'), ('OTHER', '其他原因')], max_length=16, verbose_name='注销原因')),
                    ('title', models.CharField(max_length=64, verbose_name='标题')),
                    ('text', models.TextField(max_length=500, verbose_name='内容')),
                    ('action', models.CharField(choices=[('STAY', '保留账户'), ('TALK', '联系客服'), ('READ', '查看帮助文章')], max_length=8, verbose_name='接受后')),
                    ('article', models.SlugField(blank=True, help_text='查看帮助文章时填写文章的网址名', max_length=64, verbose_name='帮助文章')),
                    ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                ],
                options={
                    'verbose_name': '挽留方案',
                    'verbose_name_plural': '挽留方案',
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('is_active', True)), fields=('reason',), name='a_reason_has_one_active_offer'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ClosureRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closures', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('state', models.CharField(choices=[('OPEN', '待确认'), ('COOLING', '冷静期'), ('CANCELLED', '已撤回'), ('LAPSED', '逾期未确认'), ('REFUSED', '未能注销'), ('CLOSED', '已注销')], default='OPEN', max_length=12, verbose_name='状态')),
                    ('reason', models.CharField(choices=[('NOT_USED', '不再使用'), ('PRIVACY', '担心隐私或资金安全'), ('TROUBLE', '使用中遇到问题'), ('NO_BENEFIT', '优惠太少'), ('OTHER_ACCOUNT', '换用另一个账户'), ('OTHER', '其他原因')], max_length=16, verbose_name='原因')),
                    ('comment_sealed', models.BinaryField(null=True, verbose_name='补充说明（加密）')),
                    ('balance', models.BigIntegerField(verbose_name='发起时余额')),
                    ('gives_up', models.BigIntegerField(default=0, verbose_name='同意放弃')),
                    ('offer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.saveoffer', verbose_name='挽留方案')),
                    ('offer_shown_at', models.DateTimeField(null=True, verbose_name='方案展示时间')),
                    ('offer_answer', models.CharField(blank=True, choices=[('ACCEPTED', '接受'), ('DECLINED', '谢绝')], max_length=8, verbose_name='对方案的答复')),
                    ('offer_answered_at', models.DateTimeField(null=True, verbose_name='答复时间')),
                    ('began_at', models.DateTimeField(verbose_name='发起时间')),
                    ('confirmed_at', models.DateTimeField(null=True, verbose_name='确认时间')),
                    ('due_at', models.DateTimeField(null=True, verbose_name='注销时间')),
                    ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                    ('ended_because', models.CharField(blank=True, max_length=200, verbose_name='结束说明')),
                ],
                options={
                    'verbose_name': '注销申请',
                    'verbose_name_plural': '注销申请',
                    'indexes': [
                        models.Index(condition=models.Q(('state', 'COOLING')), fields=['due_at'], name='closure_due'),
                        models.Index(fields=['began_at'], name='closure_began'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('state__in', ('OPEN', 'COOLING'))), fields=('user',), name='a_user_leaves_once_at_a_time'),
                        models.UniqueConstraint(condition=models.Q(('state', 'CLOSED')), fields=('user',), name='a_user_has_left_for_good'),
                        models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state__in', ('OPEN', 'COOLING'))), models.Q(models.Q(('state__in', ('OPEN', 'COOLING')), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='a_closure_that_ended_says_when'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('COOLING', 'CLOSED', 'REFUSED')), _negated=True), models.Q(('confirmed_at__isnull', False), ('due_at__isnull', False)), _connector='OR'), name='a_closure_cools_after_it_is_confirmed'),
                        models.CheckConstraint(condition=models.Q(models.Q(('offer_answer', ''), ('offer_answered_at', None)), models.Q(('offer_answered_at__isnull', False), ('offer_shown_at__isnull', False)), _connector='OR'), name='an_offer_is_shown_before_it_is_answered'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='VerificationCode',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('purpose', models.CharField(choices=[('LOGIN', '登录'), ('BIND_PHONE', '绑定手机号'), ('CHANGE_PHONE', '更换手机号'), ('STEP_UP', '确认操作'), ('SET_PIN', '设置支付密码'), ('RESET_PIN', '重置支付密码')], max_length=16, verbose_name='用途')),
                    ('phone_hash', models.BinaryField(max_length=32, verbose_name='手机号（盲索引）')),
                    ('bound_to', models.CharField(blank=True, max_length=64, verbose_name='绑定的操作')),
                    ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('code_hash', models.BinaryField(max_length=32, verbose_name='验证码（HMAC）')),
                    ('wrong_tries', models.PositiveSmallIntegerField(default=0, verbose_name='错误次数')),
                    ('sent_at', models.DateTimeField(verbose_name='发送时间')),
                    ('expires_at', models.DateTimeField(verbose_name='到期时间')),
                    ('spent_at', models.DateTimeField(null=True, verbose_name='使用时间')),
                    ('device_id', models.CharField(blank=True, max_length=64, verbose_name='设备号')),
                    ('ip', models.CharField(blank=True, max_length=64, verbose_name='IP')),
                ],
                options={
                    'verbose_name': '短信验证码',
                    'verbose_name_plural': '短信验证码',
                    'indexes': [
                        models.Index(fields=['phone_hash', '-sent_at'], name='code_to_a_phone'),
                        models.Index(fields=['device_id', '-sent_at'], name='code_for_a_device'),
                        models.Index(fields=['ip', '-sent_at'], name='code_from_an_address'),
                        models.Index(fields=['sent_at'], name='code_sent_at'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('wrong_tries__lte', 5)), name='a_code_is_guessed_at_five_times_at_most'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ConsentRecord',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='consents', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='accounts.agreementversion', verbose_name='协议')),
                    ('act', models.CharField(choices=[('GIVEN', '同意'), ('WITHDRAWN', '撤回')], max_length=16, verbose_name='行为')),
                    ('at', models.DateTimeField(verbose_name='时间')),
                    ('sha256', models.CharField(max_length=64, verbose_name='正文指纹')),
                    ('channel', models.CharField(choices=[('LOGIN', '登录页'), ('MINI_PROGRAM', '小程序')], max_length=16, verbose_name='渠道')),
                    ('device_id', models.CharField(blank=True, max_length=64, verbose_name='设备号')),
                    ('ip_masked', models.CharField(blank=True, max_length=64, verbose_name='IP（脱敏）')),
                    ('request_id', models.CharField(blank=True, max_length=64, verbose_name='请求号')),
                ],
                options={
                    'verbose_name': '同意记录',
                    'verbose_name_plural': '同意记录',
                    'indexes': [
                        models.Index(fields=['user', '-id'], name='consent_of_user'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('sha256', ''), _negated=True), name='a_consent_names_the_text'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Device',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='devices', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('device_id', models.CharField(max_length=64, verbose_name='设备号')),
                    ('name', models.CharField(blank=True, max_length=64, verbose_name='名称')),
                    ('platform', models.CharField(blank=True, max_length=32, verbose_name='平台')),
                    ('first_seen_at', models.DateTimeField(verbose_name='首次登录')),
                    ('last_seen_at', models.DateTimeField(verbose_name='最近登录')),
                    ('removed_at', models.DateTimeField(null=True, verbose_name='移除时间')),
                ],
                options={
                    'verbose_name': '设备',
                    'verbose_name_plural': '设备',
                    'indexes': [
                        models.Index(fields=['device_id'], name='device_shared_by'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('user', 'device_id'), name='a_user_has_a_device_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='SecurityCard',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                    ('key', models.SlugField(max_length=48, unique=True, verbose_name='网址名')),
                    ('moment', models.CharField(choices=[('before_first_transfer', '首次转账前'), ('new_device', '在新设备登录后'), ('pin_set', '设置支付密码后'), ('large_payment', '大额付款前'), ('first_top_up', '首次充值前')], max_length=32, verbose_name='时机')),
                    ('title', models.CharField(max_length=32, verbose_name='标题')),
                    ('text', models.CharField(max_length=300, verbose_name='内容')),
                    ('article', models.SlugField(blank=True, max_length=64, verbose_name='帮助文章')),
                    ('position', models.PositiveSmallIntegerField(default=0, verbose_name='顺序')),
                    ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                ],
                options={
                    'verbose_name': '安全提示',
                    'verbose_name_plural': '安全提示',
                    'ordering': ['position', 'id'],
                },
            ),
            migrations.CreateModel(
                name='CardSight',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='card_sights', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sights', to='accounts.securitycard', verbose_name='安全提示')),
                    ('shown_at', models.DateTimeField(verbose_name='展示时间')),
                    ('seen_at', models.DateTimeField(null=True, verbose_name='确认时间')),
                ],
                options={
                    'verbose_name': '安全提示展示',
                    'verbose_name_plural': '安全提示展示',
                    'constraints': [
                        models.UniqueConstraint(fields=('user', 'card'), name='a_card_is_shown_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='QuizQuestion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                    ('text', models.CharField(max_length=200, verbose_name='题目')),
                    ('explanation', models.CharField(max_length=300, verbose_name='解析')),
                    ('position', models.PositiveSmallIntegerField(default=0, verbose_name='顺序')),
                    ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                ],
                options={
                    'verbose_name': '安全问答',
                    'verbose_name_plural': '安全问答',
                    'ordering': ['position', 'id'],
                },
            ),
            migrations.CreateModel(
                name='QuizOption',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='options', to='accounts.quizquestion', verbose_name='题目')),
                    ('text', models.CharField(max_length=100, verbose_name='选项')),
                    ('is_right', models.BooleanField(default=False, verbose_name='正确')),
                    ('position', models.PositiveSmallIntegerField(default=0, verbose_name='顺序')),
                ],
                options={
                    'verbose_name': '选项',
                    'verbose_name_plural': '选项',
                    'ordering': ['position', 'id'],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('is_right', True)), fields=('question',), name='a_question_has_one_right_answer'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='QuizAttempt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quiz_attempts', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('score', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(100)], verbose_name='得分')),
                    ('has_passed', models.BooleanField(verbose_name='通过')),
                    ('tried_at', models.DateTimeField(verbose_name='时间')),
                ],
                options={
                    'verbose_name': '问答记录',
                    'verbose_name_plural': '问答记录',
                    'indexes': [
                        models.Index(fields=['user', 'tried_at'], name='quiz_attempt_by_user'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('has_passed', True)), fields=('user',), name='the_quiz_is_passed_once'),
                        models.CheckConstraint(condition=models.Q(('score__lte', 100)), name='a_score_is_a_percentage'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='DataExport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('number', models.CharField(max_length=32, unique=True, verbose_name='导出单号')),
                    ('state', models.CharField(choices=[('REQUESTED', '排队中'), ('BUILDING', '整理中'), ('READY', '可下载'), ('FAILED', '未能完成，请重新申请')], default='REQUESTED', max_length=12, verbose_name='状态')),
                    ('requested_at', models.DateTimeField(verbose_name='申请时间')),
                    ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='整理次数')),
                    ('progress', models.PositiveSmallIntegerField(default=0, verbose_name='进度（%）')),
                    ('ready_at', models.DateTimeField(null=True, verbose_name='完成时间')),
                    ('expires_at', models.DateTimeField(null=True, verbose_name='下载截止')),
                    ('size', models.PositiveIntegerField(default=0, verbose_name='大小（字节）')),
                    ('downloads', models.PositiveIntegerField(default=0, verbose_name='下载次数')),
                    ('downloaded_at', models.DateTimeField(null=True, verbose_name='最近下载')),
                ],
                options={
                    'verbose_name': '个人信息导出',
                    'verbose_name_plural': '个人信息导出',
                    'indexes': [
                        models.Index(fields=['user', '-id'], name='export_of_user'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('state__in', ('REQUESTED', 'BUILDING'))), fields=('user',), name='a_user_has_one_export_at_a_time'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state', 'READY'), _negated=True), models.Q(('expires_at__isnull', False), ('progress', 100), ('ready_at__isnull', False)), _connector='OR'), name='a_ready_export_says_until_when'),
                        models.CheckConstraint(condition=models.Q(('progress__lte', 100)), name='an_export_is_done_at_a_hundred'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ExportPart',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('export', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='accounts.dataexport', verbose_name='导出')),
                    ('position', models.PositiveIntegerField(verbose_name='序号')),
                    ('content_sealed', models.BinaryField(verbose_name='内容（加密）')),
                ],
                options={
                    'verbose_name': '导出内容',
                    'verbose_name_plural': '导出内容',
                    'ordering': ['position'],
                    'constraints': [
                        models.UniqueConstraint(fields=('export', 'position'), name='an_export_has_a_part_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='KycApplication',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=32, unique=True, verbose_name='申请号')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kyc_applications', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('kind', models.CharField(choices=[('NAME', '姓名与身份证号'), ('FACE', '人脸核身')], max_length=8, verbose_name='类型')),
                    ('state', models.CharField(choices=[('SUBMITTED', '已提交'), ('VERIFYING', '核验中'), ('REVIEW', '人工审核中'), ('APPROVED', '已通过'), ('REJECTED', '未通过'), ('EXPIRED', '已失效'), ('WITHDRAWN', '已撤回')], default='SUBMITTED', max_length=12, verbose_name='状态')),
                    ('name_sealed', models.BinaryField(null=True, verbose_name='姓名（加密）')),
                    ('id_number_sealed', models.BinaryField(null=True, verbose_name='身份证号（加密）')),
                    ('valid_until', models.DateField(blank=True, null=True, verbose_name='证件有效期至')),
                    ('for_minor', models.BooleanField(default=False, verbose_name='未成年人')),
                    ('guardian_name_sealed', models.BinaryField(null=True, verbose_name='监护人姓名（加密）')),
                    ('guardian_phone_sealed', models.BinaryField(null=True, verbose_name='监护人手机号（加密）')),
                    ('archive_sealed', models.BinaryField(null=True, verbose_name='存档（加密）')),
                    ('face_token_sealed', models.BinaryField(null=True, verbose_name='核身凭据（加密）')),
                    ('answer', models.CharField(blank=True, choices=[('MATCH', '一致'), ('MISMATCH', '不一致'), ('NO_RECORD', '库中无记录'), ('NOT_YET', '尚未完成'), ('UNKNOWN', '没有答复')], max_length=12, verbose_name='核验机构答复')),
                    ('asked', models.PositiveSmallIntegerField(default=0, verbose_name='询问次数')),
                    ('next_ask_at', models.DateTimeField(blank=True, null=True, verbose_name='下次询问')),
                    ('reason', models.CharField(blank=True, choices=[('MATCHED', '核验一致'), ('DOCUMENTS_SEEN', '人工核对证件一致'), ('GUARDIAN_CONSENTED', '监护人已同意'), ('NOT_MATCHED', '核验不一致'), ('DUPLICATE', '该身份已在其他账户实名'), ('OTHER_PERSON', '与此账户原实名不是同一人'), ('DOCUMENTS_UNCLEAR', '证件无法核实'), ('GUARDIAN_REFUSED', '监护人未同意或无法联系'), ('SUSPICIOUS', '存在冒用风险'), ('NO_ANSWER', '核验机构没有答复'), ('NOT_FINISHED', '未完成人脸核身'), ('BY_CUSTOMER', '顾客撤回'), ('CONSENT_WITHDRAWN', '顾客撤回实名授权'), ('ACCOUNT_CLOSED', '账户注销')], max_length=24, verbose_name='结果原因')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='审核说明')),
                    ('reviewer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审核人')),
                    ('submitted_at', models.DateTimeField(verbose_name='提交时间')),
                    ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ],
                options={
                    'verbose_name': '实名申请',
                    'verbose_name_plural': '实名申请',
                    'permissions': [('review_kycapplication', '审核实名申请')],
                    'indexes': [
                        models.Index(condition=models.Q(('state__in', ['SUBMITTED', 'VERIFYING'])), fields=['next_ask_at'], name='kyc_to_ask'),
                        models.Index(fields=['state', 'submitted_at'], name='kyc_by_state'),
                        models.Index(fields=['user', 'submitted_at'], name='kyc_by_user'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('state__in', ('SUBMITTED', 'VERIFYING', 'REVIEW'))), fields=('user',), name='a_user_has_one_live_kyc_application'),
                        models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('reason', ''), ('state__in', ('SUBMITTED', 'VERIFYING', 'REVIEW'))), models.Q(models.Q(('state__in', ('SUBMITTED', 'VERIFYING', 'REVIEW')), _negated=True), ('decided_at__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='an_ended_kyc_application_says_when_and_why'),
                        models.CheckConstraint(condition=models.Q(('for_minor', False), models.Q(('state__in', ('SUBMITTED', 'VERIFYING', 'REVIEW')), _negated=True), models.Q(('guardian_name_sealed__isnull', False), ('guardian_phone_sealed__isnull', False)), _connector='OR'), name='a_minor_applies_with_a_guardian'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='RealName',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='real_name', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.kycapplication', verbose_name='依据')),
                    ('level', models.PositiveSmallIntegerField(choices=[(0, '未认证'), (1, '一类：已验证手机号'), (2, '二类：已实名认证'), (3, '三类：已人脸核身')], default=0, verbose_name='等级')),
                    ('since', models.DateTimeField(verbose_name='自')),
                    ('id_index', models.BinaryField(null=True, verbose_name='身份证号（盲索引）')),
                    ('valid_until', models.DateField(blank=True, null=True, verbose_name='证件有效期至')),
                    ('adult_on', models.DateField(blank=True, null=True, verbose_name='成年日')),
                    ('reminded_at', models.DateTimeField(blank=True, null=True, verbose_name='到期提醒')),
                ],
                options={
                    'verbose_name': '实名信息',
                    'verbose_name_plural': '实名信息',
                    'permissions': [('lower_realname', '申请降低实名等级'), ('approve_kyc_downgrade', '审批降低实名等级')],
                    'indexes': [
                        models.Index(condition=models.Q(('level__gt', 0), ('valid_until__isnull', False)), fields=['valid_until'], name='real_name_valid_until'),
                        models.Index(condition=models.Q(('adult_on__isnull', False)), fields=['adult_on'], name='real_name_adult_on'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('id_index',), name='a_person_has_one_wallet'),
                        models.CheckConstraint(condition=models.Q(('adult_on', None), ('level__lte', 1), _connector='OR'), name='a_minor_stays_in_the_first_level'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='KycChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kyc_changes', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('application', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.kycapplication', verbose_name='实名申请')),
                    ('old_level', models.PositiveSmallIntegerField(choices=[(0, '未认证'), (1, '一类：已验证手机号'), (2, '二类：已实名认证'), (3, '三类：已人脸核身')], verbose_name='原等级')),
                    ('new_level', models.PositiveSmallIntegerField(choices=[(0, '未认证'), (1, '一类：已验证手机号'), (2, '二类：已实名认证'), (3, '三类：已人脸核身')], verbose_name='新等级')),
                    ('reason', models.CharField(choices=[('VERIFIED', '认证通过'), ('RENEWED', '证件已更新'), ('CAME_OF_AGE', '已满十八周岁'), ('DOCUMENT_EXPIRED', '证件已过期'), ('RISK', '安全原因'), ('CONSENT_WITHDRAWN', '已撤回实名授权'), ('ACCOUNT_CLOSED', '账户已注销')], max_length=24, verbose_name='原因')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                    ('actor', models.CharField(max_length=64, verbose_name='操作者')),
                    ('at', models.DateTimeField(verbose_name='时间')),
                ],
                options={
                    'verbose_name': '实名等级变更',
                    'verbose_name_plural': '实名等级变更',
                    'indexes': [
                        models.Index(fields=['user', 'at'], name='kyc_change_by_user'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Session',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='accounts.device', verbose_name='设备')),
                    ('family_hash', models.BinaryField(max_length=32, verbose_name='会话族')),
                    ('access_hash', models.BinaryField(max_length=32, verbose_name='访问凭证')),
                    ('access_expires_at', models.DateTimeField(verbose_name='访问凭证到期')),
                    ('refresh_hash', models.BinaryField(max_length=32, verbose_name='刷新凭证')),
                    ('refresh_expires_at', models.DateTimeField(verbose_name='会话到期')),
                    ('previous_refresh_hash', models.BinaryField(max_length=32, null=True, verbose_name='上一个刷新凭证')),
                    ('refreshed_at', models.DateTimeField(null=True, verbose_name='最近刷新')),
                    ('created_at', models.DateTimeField(verbose_name='登录时间')),
                    ('created_ip', models.CharField(blank=True, max_length=64, verbose_name='登录 IP')),
                    ('last_seen_at', models.DateTimeField(verbose_name='最近活动')),
                    ('last_seen_ip', models.CharField(blank=True, max_length=64, verbose_name='最近 IP')),
                    ('revoked_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                    ('revoke_reason', models.CharField(blank=True, choices=[('LOGGED_OUT', '用户退出'), ('REPLACED', '同一设备重新登录'), ('TOKEN_REUSED', '旧刷新凭证被再次使用'), ('PIN_CHANGED', '支付密码已变更'), ('OTHER_DEVICE', '刷新凭证出现在其他设备'), ('REMOVED', '用户移除设备'), ('OTHERS_ENDED', '用户退出其他设备'), ('PHONE_CHANGED', '更换手机号'), ('MERGED', '账户合并'), ('FROZEN', '账户冻结'), ('CLOSED', '账户注销')], max_length=16, verbose_name='结束原因')),
                ],
                options={
                    'verbose_name': '会话',
                    'verbose_name_plural': '会话',
                    'indexes': [
                        models.Index(fields=['revoked_at'], name='session_revoked_at'),
                        models.Index(fields=['refresh_expires_at'], name='session_expires_at'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('family_hash',), name='a_token_family_is_one_session'),
                        models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('device',), name='a_device_has_one_open_session'),
                        models.CheckConstraint(condition=models.Q(models.Q(('revoke_reason', ''), ('revoked_at', None)), models.Q(('revoked_at__isnull', False), models.Q(('revoke_reason', ''), _negated=True)), _connector='OR'), name='a_revoked_session_says_why'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='LoginRecord',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('at', models.DateTimeField(verbose_name='时间')),
                    ('outcome', models.CharField(choices=[('LOGGED_IN', '登录成功'), ('REFUSED', '登录被拒绝'), ('ENDED', '会话结束')], max_length=12, verbose_name='结果')),
                    ('method', models.CharField(blank=True, choices=[('WECHAT', '微信'), ('PHONE', '短信验证码')], max_length=8, verbose_name='方式')),
                    ('reason', models.CharField(blank=True, choices=[('LOGGED_OUT', '用户退出'), ('REPLACED', '同一设备重新登录'), ('TOKEN_REUSED', '旧刷新凭证被再次使用'), ('PIN_CHANGED', '支付密码已变更'), ('OTHER_DEVICE', '刷新凭证出现在其他设备'), ('REMOVED', '用户移除设备'), ('OTHERS_ENDED', '用户退出其他设备'), ('PHONE_CHANGED', '更换手机号'), ('MERGED', '账户合并'), ('FROZEN', '账户冻结'), ('CLOSED', '账户注销')], max_length=16, verbose_name='结束原因')),
                    ('device_id', models.CharField(max_length=64, verbose_name='设备号')),
                    ('device_name', models.CharField(blank=True, max_length=64, verbose_name='设备')),
                    ('platform', models.CharField(blank=True, max_length=32, verbose_name='平台')),
                    ('is_new_device', models.BooleanField(default=False, verbose_name='新设备')),
                    ('ip', models.CharField(blank=True, max_length=64, verbose_name='IP')),
                ],
                options={
                    'verbose_name': '登录记录',
                    'verbose_name_plural': '登录记录',
                    'indexes': [
                        models.Index(fields=['user', '-id'], name='login_record_of_a_user'),
                        models.Index(fields=['at'], name='login_record_at'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('method', ''), ('outcome', 'ENDED'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('outcome', 'ENDED'), _negated=True), models.Q(('method', ''), _negated=True), ('reason', '')), _connector='OR'), name='a_login_has_a_method_and_an_end_a_reason'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='OnboardingStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                    ('key', models.SlugField(max_length=32, unique=True, verbose_name='步骤')),
                    ('title', models.CharField(max_length=32, verbose_name='标题')),
                    ('text', models.CharField(max_length=200, verbose_name='说明')),
                    ('reward_text', models.CharField(blank=True, max_length=64, verbose_name='奖励说明')),
                    ('position', models.PositiveSmallIntegerField(default=0, verbose_name='顺序')),
                    ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                ],
                options={
                    'verbose_name': '新手任务',
                    'verbose_name_plural': '新手任务',
                    'ordering': ['position', 'id'],
                },
            ),
            migrations.CreateModel(
                name='OnboardingProgress',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='onboarding', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='done', to='accounts.onboardingstep', verbose_name='步骤')),
                    ('done_at', models.DateTimeField(verbose_name='完成时间')),
                ],
                options={
                    'verbose_name': '新手任务进度',
                    'verbose_name_plural': '新手任务进度',
                    'constraints': [
                        models.UniqueConstraint(fields=('user', 'step'), name='a_step_is_done_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='OnboardingFinish',
                fields=[
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='onboarding_finish', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('finished_at', models.DateTimeField(verbose_name='完成时间')),
                ],
                options={
                    'verbose_name': '新手任务完成',
                    'verbose_name_plural': '新手任务完成',
                },
            ),
            migrations.CreateModel(
                name='PersonalKey',
                fields=[
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='personal_key', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('key_sealed', models.BinaryField(null=True, verbose_name='数据密钥（加密）')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                    ('destroyed_at', models.DateTimeField(null=True, verbose_name='销毁时间')),
                ],
                options={
                    'verbose_name': '个人密钥',
                    'verbose_name_plural': '个人密钥',
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at', None), ('key_sealed__isnull', False)), models.Q(('destroyed_at__isnull', False), ('key_sealed', None)), _connector='OR'), name='a_personal_key_is_there_or_destroyed'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='用户号')),
                    ('username', models.CharField(blank=True, max_length=64, null=True, unique=True, verbose_name='登录名')),
                    ('nickname', models.CharField(db_index=True, default=accounts.models.users.default_nickname, max_length=32, verbose_name='昵称')),
                    ('status', models.CharField(choices=[('ACTIVE', '正常'), ('FROZEN', '冻结'), ('CLOSED', '已注销')], default='ACTIVE', max_length=16, verbose_name='状态')),
                    ('phone_sealed', models.BinaryField(null=True, verbose_name='手机号（加密）')),
                    ('phone_index', models.BinaryField(null=True, verbose_name='手机号（盲索引）')),
                    ('phone_bound_at', models.DateTimeField(editable=False, null=True, verbose_name='绑定手机时间')),
                    ('is_staff', models.BooleanField(default=False, verbose_name='员工')),
                    ('is_active', models.BooleanField(default=True, verbose_name='可登录后台')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='注册时间')),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'verbose_name': '用户',
                    'verbose_name_plural': '用户',
                    'permissions': [('freeze_user', '冻结账户'), ('approve_unfreeze_user', '审批解冻账户')],
                    'constraints': [
                        models.UniqueConstraint(fields=('phone_index',), name='a_phone_belongs_to_one_user'),
                        models.CheckConstraint(condition=models.Q(models.Q(('phone_bound_at', None), ('phone_index', None), ('phone_sealed', None)), models.Q(('phone_bound_at__isnull', False), ('phone_index__isnull', False), ('phone_sealed__isnull', False)), _connector='OR'), name='a_phone_is_sealed_indexed_and_dated'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='WeChatIdentity',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wechat_identities', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('appid', models.CharField(max_length=32, verbose_name='小程序')),
                    ('openid', models.CharField(max_length=128, verbose_name='openid')),
                    ('unionid', models.CharField(blank=True, max_length=128, verbose_name='unionid')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='关联时间')),
                    ('detached_at', models.DateTimeField(editable=False, null=True, verbose_name='解除时间')),
                ],
                options={
                    'verbose_name': '微信身份',
                    'verbose_name_plural': '微信身份',
                    'constraints': [
                        models.UniqueConstraint(fields=('appid', 'openid'), name='an_openid_belongs_to_one_user'),
                        models.UniqueConstraint(fields=('user', 'appid'), name='a_user_has_one_openid_per_mini_program'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PhoneChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('changed_at', models.DateTimeField(verbose_name='更换时间')),
                    ('old_phone_sealed', models.BinaryField(verbose_name='原手机号（加密）')),
                    ('by_staff', models.BooleanField(default=False, verbose_name='经人工审核')),
                ],
                options={
                    'verbose_name': '手机号更换',
                    'verbose_name_plural': '手机号更换',
                    'indexes': [
                        models.Index(fields=['user', '-id'], name='phone_change_of_a_user'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PhoneChangeRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('state', models.CharField(choices=[('OPEN', '审核中'), ('DONE', '已更换'), ('REFUSED', '未通过'), ('WITHDRAWN', '已撤回')], default='OPEN', max_length=12, verbose_name='状态')),
                    ('phone_sealed', models.BinaryField(verbose_name='新手机号（加密）')),
                    ('reason_sealed', models.BinaryField(verbose_name='原因（加密）')),
                    ('requested_at', models.DateTimeField(verbose_name='申请时间')),
                    ('ended_at', models.DateTimeField(null=True, verbose_name='办结时间')),
                    ('answer', models.CharField(blank=True, max_length=200, verbose_name='答复')),
                ],
                options={
                    'verbose_name': '换绑申请',
                    'verbose_name_plural': '换绑申请',
                    'permissions': [('propose_phone_change', '提交换绑审批'), ('approve_phone_change', '审批换绑')],
                    'indexes': [
                        models.Index(fields=['state', 'requested_at'], name='phone_request_queue'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('state', 'OPEN')), fields=('user',), name='a_user_asks_for_one_phone_at_a_time'),
                        models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state', 'OPEN')), models.Q(models.Q(('state', 'OPEN'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='a_phone_request_ends_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PaymentPin',
                fields=[
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='payment_pin', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('pin_hash', models.BinaryField(max_length=128, verbose_name='哈希')),
                    ('pepper', models.PositiveSmallIntegerField(editable=False, verbose_name='胡椒编号')),
                    ('set_at', models.DateTimeField(verbose_name='设置时间')),
                    ('reset_at', models.DateTimeField(null=True, verbose_name='最近重置')),
                    ('blocked_at', models.DateTimeField(null=True, verbose_name='停用时间')),
                ],
                options={
                    'verbose_name': '支付密码',
                    'verbose_name_plural': '支付密码',
                },
            ),
            migrations.CreateModel(
                name='WrongPin',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wrong_pins', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.device', verbose_name='设备')),
                    ('on_known_device', models.BooleanField(verbose_name='常用设备')),
                    ('tried_at', models.DateTimeField(verbose_name='时间')),
                    ('is_in_row', models.BooleanField(default=True, verbose_name='计入连续错误')),
                    ('locks_until', models.DateTimeField(null=True, verbose_name='锁定至')),
                ],
                options={
                    'verbose_name': '密码错误',
                    'verbose_name_plural': '密码错误',
                    'indexes': [
                        models.Index(fields=['user', '-tried_at'], name='wrong_pin_of_user'),
                        models.Index(fields=['tried_at'], name='wrong_pin_tried_at'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('locks_until', None), ('is_in_row', False), _connector='OR'), name='a_lock_ends_the_row_of_wrong_pins'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Reveal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='员工')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='顾客')),
                    ('what', models.CharField(max_length=64, verbose_name='内容')),
                    ('reason', models.CharField(max_length=200, verbose_name='原因')),
                    ('at', models.DateTimeField(verbose_name='时间')),
                ],
                options={
                    'verbose_name': '查看明文',
                    'verbose_name_plural': '查看明文',
                    'permissions': [('reveal_pii', '查看顾客的完整信息')],
                    'indexes': [
                        models.Index(fields=['staff', 'at'], name='reveals_of_a_colleague'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Authenticator',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='员工')),
                    ('confirmed', models.BooleanField(default=False, verbose_name='已启用')),
                    ('secret_sealed', models.BinaryField(verbose_name='密钥（加密）')),
                    ('last_step', models.BigIntegerField(default=-1, verbose_name='最近用过的时间片')),
                    ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='连续错误次数')),
                    ('paused_until', models.DateTimeField(null=True, verbose_name='暂停至')),
                    ('created_at', models.DateTimeField(verbose_name='生成时间')),
                    ('confirmed_at', models.DateTimeField(null=True, verbose_name='启用时间')),
                ],
                options={
                    'verbose_name': '动态码验证器',
                    'verbose_name_plural': '动态码验证器',
                    'constraints': [
                        models.UniqueConstraint(fields=('user', 'confirmed'), name='one_authenticator_is_used_and_one_is_being_set_up'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='RecoveryCode',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('authenticator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to='accounts.authenticator', verbose_name='验证器')),
                    ('code_hash', models.BinaryField(max_length=32, unique=True, verbose_name='恢复码（哈希）')),
                    ('used_at', models.DateTimeField(null=True, verbose_name='使用时间')),
                ],
                options={
                    'verbose_name': '恢复码',
                    'verbose_name_plural': '恢复码',
                },
            ),
            migrations.CreateModel(
                name='SecurityFacts',
                fields=[
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='security_facts', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('withdrawals_cooled_until', models.DateTimeField(null=True, verbose_name='暂停提现至')),
                    ('cool_reason', models.CharField(blank=True, choices=[('PHONE_CHANGED', '更换手机号'), ('PIN_RESET', '重置支付密码'), ('WECHAT_LINKED', '关联微信'), ('MERGED', '账户合并')], max_length=16, verbose_name='暂停提现原因')),
                    ('risk_rank', models.PositiveSmallIntegerField(null=True, verbose_name='微信风险等级')),
                    ('risk_asked_at', models.DateTimeField(null=True, verbose_name='风险查询时间')),
                ],
                options={
                    'verbose_name': '安全状况',
                    'verbose_name_plural': '安全状况',
                },
            ),
            migrations.CreateModel(
                name='SoterCounter',
                fields=[
                    ('device', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='soter', serialize=False, to='accounts.device', verbose_name='设备')),
                    ('counter', models.BigIntegerField(verbose_name='计数器')),
                    ('seen_at', models.DateTimeField(verbose_name='最近验证')),
                ],
                options={
                    'verbose_name': '生物认证计数',
                    'verbose_name_plural': '生物认证计数',
                },
            ),
            migrations.CreateModel(
                name='DailySpending',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('kind', models.CharField(choices=[('order.pay', '支付订单'), ('wallet.transfer', '转账'), ('wallet.red_packet', '发红包'), ('wallet.withdraw', '提现'), ('wallet.bill', '生活缴费'), ('pin.set', '设置支付密码'), ('pin.change', '修改支付密码'), ('pin.reset', '重置支付密码'), ('phone.change', '更换手机号'), ('small_payments.allow', '开启小额免密'), ('data.export', '导出个人数据'), ('account.close', '注销账户')], max_length=32, verbose_name='操作')),
                    ('day', models.DateField(verbose_name='日期')),
                    ('total', models.BigIntegerField(default=0, verbose_name='合计')),
                    ('without_pin', models.BigIntegerField(default=0, verbose_name='其中免密')),
                ],
                options={
                    'verbose_name': '每日支出',
                    'verbose_name_plural': '每日支出',
                    'indexes': [
                        models.Index(fields=['day'], name='daily_spending_day'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('user', 'kind', 'day'), name='a_day_is_counted_once'),
                        models.CheckConstraint(condition=models.Q(('without_pin__gte', 0), ('without_pin__lte', models.F('total'))), name='spending_without_pin_is_part_of_the_total'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='SmallPayments',
                fields=[
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='small_payments', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('is_on', models.BooleanField(verbose_name='开启')),
                    ('per_payment', models.BigIntegerField(verbose_name='单笔上限')),
                    ('per_day', models.BigIntegerField(verbose_name='单日上限')),
                    ('changed_at', models.DateTimeField(verbose_name='变更时间')),
                ],
                options={
                    'verbose_name': '小额免密',
                    'verbose_name_plural': '小额免密',
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('per_day__gte', models.F('per_payment')), ('per_payment__gt', 0)), name='small_payments_have_sensible_caps'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='StaffProfile',
                fields=[
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='staff_profile', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='员工')),
                    ('employee_no', models.CharField(max_length=32, unique=True, verbose_name='工号')),
                    ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='本人的顾客账户')),
                    ('must_change_password', models.BooleanField(default=True, verbose_name='下次登录须改密码')),
                    ('password_changed_at', models.DateTimeField(verbose_name='密码修改时间')),
                    ('sessions_from', models.DateTimeField(verbose_name='此前的登录已失效')),
                ],
                options={
                    'verbose_name': '员工档案',
                    'verbose_name_plural': '员工档案',
                },
            ),
            migrations.CreateModel(
                name='StaffMember',
                fields=[
                ],
                options={
                    'verbose_name': '员工',
                    'verbose_name_plural': '员工',
                    'permissions': [('approve_staff_change', '审批员工变更')],
                    'proxy': True,
                },
                bases=('accounts.user',),
            ),
            migrations.CreateModel(
                name='StepUpPolicy',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('order.pay', '支付订单'), ('wallet.transfer', '转账'), ('wallet.red_packet', '发红包'), ('wallet.withdraw', '提现'), ('wallet.bill', '生活缴费'), ('pin.set', '设置支付密码'), ('pin.change', '修改支付密码'), ('pin.reset', '重置支付密码'), ('phone.change', '更换手机号'), ('small_payments.allow', '开启小额免密'), ('data.export', '导出个人数据'), ('account.close', '注销账户')], max_length=32, verbose_name='操作')),
                    ('risk', models.CharField(choices=[('LOW', '低'), ('MEDIUM', '中'), ('HIGH', '高')], max_length=8, verbose_name='风险')),
                    ('amount_up_to', models.BigIntegerField(blank=True, null=True, verbose_name='单笔上限')),
                    ('day_up_to', models.BigIntegerField(blank=True, null=True, verbose_name='单日上限')),
                    ('factors', models.CharField(max_length=64, verbose_name='验证方式')),
                ],
                options={
                    'verbose_name': '验证策略',
                    'verbose_name_plural': '验证策略',
                    'permissions': [('approve_step_up_policy', '批准修改验证策略')],
                    'constraints': [
                        models.UniqueConstraint(fields=('kind', 'risk', 'amount_up_to', 'day_up_to'), name='an_operation_has_one_policy_per_tier', nulls_distinct=False),
                        models.CheckConstraint(condition=models.Q(('factors__regex', '^(REFUSE|(SESSION|PIN|SMS|SOTER|WECHAT)(\\+(SESSION|PIN|SMS|SOTER|WECHAT))*(\\|(SESSION|PIN|SMS|SOTER|WECHAT)(\\+(SESSION|PIN|SMS|SOTER|WECHAT))*)*)$')), name='a_policy_names_known_factors'),
                        models.CheckConstraint(condition=models.Q(('amount_up_to', None), ('amount_up_to__gt', 0), _connector='OR'), name='a_tier_has_an_amount'),
                        models.CheckConstraint(condition=models.Q(('day_up_to', None), ('day_up_to__gt', 0), _connector='OR'), name='a_tier_has_a_day'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='StepUpChallenge',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='验证号')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                    ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.device', verbose_name='设备')),
                    ('kind', models.CharField(choices=[('order.pay', '支付订单'), ('wallet.transfer', '转账'), ('wallet.red_packet', '发红包'), ('wallet.withdraw', '提现'), ('wallet.bill', '生活缴费'), ('pin.set', '设置支付密码'), ('pin.change', '修改支付密码'), ('pin.reset', '重置支付密码'), ('phone.change', '更换手机号'), ('small_payments.allow', '开启小额免密'), ('data.export', '导出个人数据'), ('account.close', '注销账户')], max_length=32, verbose_name='操作')),
                    ('amount', models.BigIntegerField(default=0, verbose_name='金额')),
                    ('facts', models.JSONField(default=dict, verbose_name='内容')),
                    ('fingerprint', models.BinaryField(max_length=32, verbose_name='操作指纹')),
                    ('risk', models.CharField(choices=[('LOW', '低'), ('MEDIUM', '中'), ('HIGH', '高')], max_length=8, verbose_name='风险')),
                    ('needed', models.CharField(max_length=64, verbose_name='需要验证')),
                    ('proven', models.CharField(blank=True, max_length=64, verbose_name='已验证')),
                    ('day_up_to', models.BigIntegerField(null=True, verbose_name='单日上限')),
                    ('soter_challenge', models.CharField(max_length=64, verbose_name='生物认证挑战')),
                    ('state', models.CharField(choices=[('OPEN', '待验证'), ('PROVEN', '已验证'), ('SPENT', '已使用')], default='OPEN', max_length=8, verbose_name='状态')),
                    ('grant_hash', models.BinaryField(max_length=32, null=True, verbose_name='授权凭证')),
                    ('created_at', models.DateTimeField(verbose_name='发起时间')),
                    ('expires_at', models.DateTimeField(verbose_name='有效期至')),
                    ('spent_at', models.DateTimeField(null=True, verbose_name='使用时间')),
                ],
                options={
                    'verbose_name': '操作验证',
                    'verbose_name_plural': '操作验证',
                    'indexes': [
                        models.Index(fields=['user', '-created_at'], name='step_up_of_user'),
                        models.Index(fields=['created_at'], name='step_up_created_at'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('grant_hash',), name='a_grant_belongs_to_one_challenge'),
                        models.CheckConstraint(condition=models.Q(models.Q(('grant_hash', None), ('state', 'OPEN')), models.Q(models.Q(('state', 'OPEN'), _negated=True), ('grant_hash__isnull', False)), _connector='OR'), name='a_proven_challenge_has_a_grant'),
                    ],
                },
            ),
        ),
    ]
