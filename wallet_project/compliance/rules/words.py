"""How the desk says how long."""


def in_words(days: int) -> str:
    """180 天, 10 年"""
    return f"{days // 365} 年" if days % 365 == 0 else f"{days} 天"
