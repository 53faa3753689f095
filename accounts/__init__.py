"""Who you are: users, their WeChat identity, devices, sessions and phone. Knows nothing of money."""
