"""Who is asking follows the call, and nobody else's."""

import threading

from wallet_project.kit import context


def test_what_becomes_known_on_the_way_is_filled_in():
    with context.acting(request_id="r-1", actor="anonymous"):
        context.fill_in(actor="user:12", device_id="d-1")

        here = context.current()
        assert (here.request_id, here.actor, here.device_id) == ("r-1", "user:12", "d-1")


def test_after_the_block_it_is_as_before():
    with context.acting(actor="user:12"):
        with context.acting(actor="staff:3"):
            context.fill_in(ip="127.0.0.1")
        assert context.current().actor == "user:12"
        assert context.current().ip == ""

    assert context.current().actor == "system"


def test_another_thread_knows_nothing_of_it():
    seen = []
    with context.acting(actor="user:12"):
        thread = threading.Thread(target=lambda: seen.append(context.current().actor))
        thread.start()
        thread.join()

    assert seen == ["system"]
