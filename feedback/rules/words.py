"""Chinese has no spaces between its words: what a text is found by."""

from functools import cache

import rjieba

from wallet_project.kit.texts import tidy

LONGEST_WORD = 64  # of characters; longer is no word, and no number of ours

# What the dictionary does not know, and people write to us about.
_OURS = (
    "微信 微信支付 零钱通 到账 盗刷 实名认证 小程序 支付密码 储值 对账单 返现 满减 核销 扫码 收款码 注销账户"
)


def words_in(text: str) -> str:
    """
    The words of a text and the words inside of these, with spaces between them: made in the same way of what
    is kept and of what is looked for.
    """
    # Only words that are known: what is guessed would be cut in another way in another sentence.
    cut = _dictionary().cut_for_search(tidy(text).casefold(), hmm=False)
    return " ".join(word for word in cut if len(word) <= LONGEST_WORD and any(map(str.isalnum, word)))


@cache
def _dictionary() -> rjieba.Jieba:
    dictionary = rjieba.Jieba()
    for word in _OURS.split():
        dictionary.add_word(word, None, None)
    return dictionary
