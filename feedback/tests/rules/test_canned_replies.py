"""Replies with variables."""

from feedback.rules.canned_replies import fill, unfilled_variables, unknown_variables

BODY = "{{顾客}}您好，{{业务}}的 {{ 金额 }} 元{{状态}}。"


def test_what_is_known_is_filled_in_and_the_rest_is_left_to_see():
    filled = fill(BODY, {"顾客": "小满", "金额": "12.00", "状态": ""})

    assert filled == "小满您好，{{业务}}的 12.00 元{{状态}}。"
    assert unfilled_variables(filled) == ["业务", "状态"]


def test_values_are_text_and_no_variables_themselves():
    assert fill("{{顾客}}", {"顾客": "{{金额}}", "金额": "1.00"}) == "{{金额}}"
    assert fill("{% if 1 %}{{顾客.password}}", {"顾客": "x"}) == "{% if 1 %}{{顾客.password}}"


def test_a_misspelt_variable_is_named_and_somebody_elses_braces_are_text():
    assert unknown_variables("{{顾客}}{{余额}}") == ["余额"]
    assert unfilled_variables("代码 {{x}} 和 {单号}") == []
