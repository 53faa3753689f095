"""One real sandbox process for this folder; each test begins with an empty book."""

import pytest

from wallet_project.sandbox.testing import running_sandbox
from wallet_project.sandbox.tests.merchant import Merchant, receiving


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory):
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process):
    sandbox_process.reset()
    sandbox_process.use_keys("public_key")
    return sandbox_process


@pytest.fixture
def merchant(sandbox):
    return Merchant(sandbox.base_url, sandbox.credentials)


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver
