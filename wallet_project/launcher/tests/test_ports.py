"""Ports: the usual ones, one system at a time."""

import pytest

from wallet_project.launcher import ports


def test_two_systems_that_start_at_once_take_two_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_locked", [])
    usual = ports.any_port("web")  # nobody listens there yet when the second one looks
    monkeypatch.setitem(ports.USUAL, "web", usual)

    first, second = ports.usual_port("web"), ports.usual_port("web")

    assert first == usual
    assert second != usual
