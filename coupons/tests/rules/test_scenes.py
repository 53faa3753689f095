"""A scene says by which channel and by whose invitation somebody comes, in 32 visible characters."""

import pytest

from coupons.rules.scenes import Scene, read_scene, scene_of


@pytest.mark.parametrize(
    "said", [{"channel": "KOL-ALICE"}, {"invite": "K7QW2MXA"}, {"channel": "A" * 18, "invite": "K7QW2MXA"}]
)
def test_what_is_written_is_read(said):
    scene = scene_of(**said)

    assert len(scene) <= 32
    assert read_scene(scene) == Scene(**said)


@pytest.mark.parametrize("wrong", [{}, {"channel": "中文"}, {"channel": "A" * 31}])
def test_what_is_no_scene_is_not_written(wrong):
    with pytest.raises(ValueError, match="no scene"):
        scene_of(**wrong)


@pytest.mark.parametrize("text", ["", "1047", "x=1&y", "c=" + "A" * 40, "邀请"])
def test_what_is_not_ours_says_nothing(text):
    assert read_scene(text) == Scene()
