"""The home page: two languages, nothing from elsewhere, nothing inline."""

import re

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "运行状态"), ("en-US", "Health")])
def test_it_speaks_the_visitors_language(client, language, words):
    page = client.get("/", headers={"accept-language": language}).content.decode()

    assert words in page
    chinese = set(re.findall(r"[\u4e00-\u9fff]+", page))
    assert language == "zh-CN" or chinese == {"中文"}, "only the switch itself"


def test_the_switch_is_remembered(client):
    client.post("/i18n/setlang/", {"language": "en", "next": "/"})

    assert "Health" in client.get("/", headers={"accept-language": "zh-CN"}).content.decode()


def test_it_keeps_to_the_strict_policy(client):
    answer = client.get("/")
    page = answer.content.decode()

    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//(?!127\.0\.0\.1)', page)


@pytest.mark.parametrize(
    ("wechat", "link"), [("http://127.0.0.1:8100", True), ("https://api.weixin.qq.com", False)]
)
def test_it_leads_to_the_sandbox_where_there_is_one(client, settings, wechat, link):
    settings.WECHAT = {**settings.WECHAT, "api_url": wechat}

    assert ('href="http://127.0.0.1:8100/sandbox/"' in client.get("/").content.decode()) == link


def test_it_says_what_is_not_well(client):
    page = client.get("/", headers={"accept-language": "en"}).content.decode()

    assert page.count("OK") + page.count("Failing") == 7
    assert page.count("Failing") == 3  # neither worker nor the relay shows its pulse in this test


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "没有这个页面"), ("en", "There is no such page")])
def test_a_wrong_address_is_told_in_the_visitors_language(client, language, words):
    answer = client.get("/nowhere", headers={"accept-language": language})

    assert answer.status_code == 404
    assert words in answer.content.decode()


@pytest.mark.parametrize("address", ["/admin", "/api/docs"])
def test_a_forgotten_slash_is_forgiven_to_people(client, address):
    assert client.get(address).headers["Location"] == f"{address}/"
