"""Where a shop may be told, and where not."""

import pytest

from payments.rules.shop_notifications import is_notify_url


@pytest.mark.parametrize(
    "url", ["https://shop.example.com/hook", "https://shop.example.com:8443/a?b=c", "https://8.8.8.8/"]
)
def test_an_address_on_the_internet_is_fine(url):
    assert is_notify_url(url, local=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example.com/hook",
        "https://localhost/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://127.1/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://db.internal/",
        "https://user:secret@shop.example.com/",
        "https://shop.example.com/#part",
        "https://shop.example.com/a b",
        "https://shop.example.com:99999/",
        "https:///hook",
        "file:///etc/passwd",
        "gopher://shop.example.com/",
        "https://店.example.com/",
    ],
)
def test_an_address_of_ours_or_of_nobody_is_not(url):
    assert not is_notify_url(url, local=False)
