"""One code, many hands."""

import uuid

import pytest

from accounts.errors import SecondFactorPaused, SecondFactorRefused
from accounts.models import Authenticator
from accounts.services.second_factors import prove_second_factor
from accounts.tests.admin.conftest import Colleague


@pytest.mark.committed
@pytest.mark.parametrize("kind", ["code", "recovery code"])
def test_of_many_who_show_one_code_at_once_one_is_let_in(committed_db, in_parallel, kind):
    colleague = Colleague(f"race-{uuid.uuid4().hex[:8]}")
    code = colleague.code() if kind == "code" else colleague.recovery_codes[0]

    answers = in_parallel(
        [lambda: prove_second_factor(staff_id=colleague.user.pk, code=code) for _ in range(8)]
    )

    assert sum(isinstance(answer, Authenticator) for answer in answers) == 1
    refused = [answer for answer in answers if isinstance(answer, SecondFactorRefused | SecondFactorPaused)]
    assert len(refused) == 7


@pytest.mark.committed
def test_of_many_guesses_at_once_no_more_than_a_few_are_looked_at(committed_db, in_parallel):
    colleague = Colleague(f"race-{uuid.uuid4().hex[:8]}")

    answers = in_parallel(
        [
            lambda guess=guess: prove_second_factor(staff_id=colleague.user.pk, code=f"{guess:06d}")
            for guess in range(24)
        ]
    )

    assert sum(isinstance(answer, SecondFactorRefused) for answer in answers) == 4
    assert sum(isinstance(answer, SecondFactorPaused) for answer in answers) == 20
