import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('action', models.CharField(max_length=64, verbose_name='操作')),
                ('subject', models.CharField(max_length=64, verbose_name='对象')),
                ('actor', models.CharField(max_length=64, verbose_name='操作者')),
                ('request_id', models.CharField(blank=True, max_length=64, verbose_name='请求号')),
                ('ip', models.CharField(blank=True, max_length=64, verbose_name='IP')),
                ('device_id', models.CharField(blank=True, max_length=64, verbose_name='设备号')),
                ('facts', models.JSONField(verbose_name='事实')),
            ],
            options={
                'verbose_name': '审计记录',
                'verbose_name_plural': '审计记录',
                'indexes': [
                    models.Index(fields=['subject', '-id'], name='audit_of_a_subject'),
                    models.Index(fields=['actor', '-id'], name='audit_of_an_actor'),
                    models.Index(fields=['request_id'], name='audit_of_a_request'),
                    django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='audit_of_a_day'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('position', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='序号')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='seal', to='audit.auditentry', verbose_name='审计记录')),
                ('digest', models.BinaryField(max_length=32, verbose_name='摘要')),
                ('sealed_at', models.DateTimeField(verbose_name='封存时间')),
            ],
            options={
                'verbose_name': '审计封条',
                'verbose_name_plural': '审计封条',
                'indexes': [
                    django.contrib.postgres.indexes.BrinIndex(fields=['sealed_at'], name='audit_sealed_at'),
                ],
            },
        ),
    ]
