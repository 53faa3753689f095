"""Money without a source needs no lot: an account says how much of it has one."""

import django.db.models.deletion
from django.db import migrations, models

from wallet.sql import sql_anew

_TELL = """
    ALTER TABLE wallet_lot DISABLE TRIGGER lot_is_never_deleted;
    DELETE FROM wallet_lot WHERE source = '';
    ALTER TABLE wallet_lot ENABLE TRIGGER lot_is_never_deleted;
    UPDATE wallet_ledgeraccount AS a SET sourced = l.remaining
    FROM (SELECT account_id, sum(remaining) AS remaining FROM wallet_lot GROUP BY account_id) AS l
    WHERE l.account_id = a.id;
    DROP FUNCTION IF EXISTS ledger_refuse(smallint, bigint, bigint);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('wallet', '0034_pauses_moved'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='ledgeraccount',
            name='ledger_account_is_never_overdrawn',
        ),
        migrations.RemoveConstraint(
            model_name='lot',
            name='an_account_has_one_lot_without_a_source',
        ),
        migrations.RemoveIndex(
            model_name='lot',
            name='lot_by_source',
        ),
        migrations.AddField(
            model_name='ledgeraccount',
            name='sourced',
            field=models.BigIntegerField(db_default=0, verbose_name='有来源的金额'),
        ),
        migrations.RunSQL(_TELL, migrations.RunSQL.noop),
        sql_anew('posting.sql'),
        sql_anew('lot_moves.sql'),
        migrations.AlterField(
            model_name='ledgeraccount',
            name='slot',
            field=models.SmallIntegerField(default=0, verbose_name='分槽'),
        ),
        migrations.AlterField(
            model_name='lot',
            name='journal',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wallet.journal', verbose_name='凭证'),
        ),
        migrations.AlterField(
            model_name='lot',
            name='source',
            field=models.CharField(max_length=64, verbose_name='来源'),
        ),
        migrations.AddIndex(
            model_name='lot',
            index=models.Index(fields=['source'], name='lot_by_source'),
        ),
        migrations.AddConstraint(
            model_name='ledgeraccount',
            constraint=models.CheckConstraint(condition=models.Q(('held__gte', 0), ('sourced__gte', 0), models.Q(('allow_negative', True), models.Q(('balance__gte', models.F('held')), ('balance__gte', models.F('sourced'))), _connector='OR')), name='ledger_account_is_never_overdrawn'),
        ),
    ]
