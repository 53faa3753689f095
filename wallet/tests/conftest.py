"""What the tests of the wallet share with those of accounts."""

from accounts.tests.conftest import client_of

__all__ = ["client_of"]
