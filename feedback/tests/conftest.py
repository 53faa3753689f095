"""What the tests of the support desk share with those of accounts."""

from accounts.tests.conftest import client_of

__all__ = ["client_of"]
