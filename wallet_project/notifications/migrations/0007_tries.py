"""What fails to be told is tried a few times."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0006_quiet_hours'),
    ]

    operations = [
        migrations.AddField(
            model_name='occasion',
            name='tries',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='失败次数'),
        ),
        migrations.AddField(
            model_name='recipient',
            name='again_at',
            field=models.DateTimeField(null=True, verbose_name='下次尝试'),
        ),
        migrations.AddField(
            model_name='recipient',
            name='tries',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='失败次数'),
        ),
        migrations.AlterField(
            model_name='occasion',
            name='why',
            field=models.CharField(blank=True, choices=[('NOT_TRUE', '情况已变，不再需要'), ('SWITCHED_OFF', '触发已停用'), ('OUTSIDE', '不在人群中'), ('CAPPED', '超过频次上限'), ('UNWANTED', '顾客不接收'), ('FAILED', '多次出错，已放弃')], max_length=16, verbose_name='原因'),
        ),
        migrations.AlterField(
            model_name='recipient',
            name='state',
            field=models.CharField(choices=[('WAITING', '待发送'), ('TOLD', '已发送'), ('UNWANTED', '顾客不接收'), ('FAILED', '多次失败'), ('HELD_OUT', '对照组')], max_length=8, verbose_name='状态'),
        ),
    ]
