"""One statement moves all the accounts of a journal; what every posting checks is said in fewer words."""

import django.db.models.functions.comparison
import django.db.models.lookups
from django.db import migrations, models

from wallet.sql import sql_anew, sql_file

_DROP = """
    DROP FUNCTION IF EXISTS ledger_refuse(smallint, bigint, bigint, bigint, boolean);
    DROP FUNCTION IF EXISTS ledger_move_lots(bigint, bigint, bigint, bigint, timestamptz, jsonb);
    DROP FUNCTION IF EXISTS ledger_take_these_lots(bigint, bigint, jsonb);
    DROP FUNCTION IF EXISTS ledger_take_from_lots(bigint, bigint, bigint);
"""

class Migration(migrations.Migration):

    dependencies = [
        ('wallet', '0040_settlements'),
    ]

    operations = [
        migrations.RunSQL(_DROP, migrations.RunSQL.noop),
        sql_anew('posting.sql'),
        sql_anew('lot_moves.sql'),
        sql_file('balanced.sql'),
        migrations.RemoveConstraint(
            model_name='ledgeraccount',
            name='a_closed_account_stays_empty',
        ),
        migrations.RemoveConstraint(
            model_name='ledgeraccount',
            name='ledger_account_is_never_overdrawn',
        ),
        migrations.AddConstraint(
            model_name='ledgeraccount',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.comparison.Least('held', 'sourced'), 0), models.Q(('allow_negative', True), ('balance__gte', django.db.models.functions.comparison.Greatest('held', 'sourced')), _connector='OR')), name='ledger_account_is_never_overdrawn'),
        ),
        migrations.AddConstraint(
            model_name='ledgeraccount',
            constraint=models.CheckConstraint(condition=models.Q(('closed', False), ('balance', 0), _connector='OR'), name='a_closed_account_stays_empty'),
        ),
    ]
