"""
What holds on every page. Groups are written in wallet_project.staff and given by `manage.py staff`, not
edited by hand.
"""

from django.contrib import admin
from django.contrib.auth.models import Group

admin.site.unregister(Group)
admin.site.empty_value_display = "—"  # as where we say it ourselves
