"""The wallet: what a merchant runs behind its WeChat mini-program."""
