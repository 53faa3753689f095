"""
Starts everything on one machine: private PostgreSQL and Valkey, the product's processes, the sandbox.

It runs before any of them exists, so it imports nothing of the product and nothing of Django.
"""
