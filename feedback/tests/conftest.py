"""What the tests of the support desk share with those of accounts and payments."""

from accounts.tests.conftest import client_of
from payments.tests.services.conftest import top_up, wechat

__all__ = ["client_of", "top_up", "wechat"]
