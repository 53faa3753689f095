"""A scene becomes a picture, or says why not."""

import pytest

from coupons.gateways.mini_program_codes import CodeNotDrawn, draw_code


def test_a_scene_of_a_channel_and_an_invite_is_drawn(sandbox):
    sandbox.clear_faults()

    assert draw_code("c=KOL-ALICE&i=K7QW2MXA").startswith(b"\x89PNG")


@pytest.mark.parametrize("wrong", [{"scene": "中文"}, {"scene": "c" * 33}, {"scene": "ok", "page": "/p"}])
def test_what_wechat_refuses_is_no_picture(sandbox, wrong):
    with pytest.raises(CodeNotDrawn):
        draw_code(**wrong)
