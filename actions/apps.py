from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActionsConfig(AppConfig):
    name = "actions"
    verbose_name = _("Actions")

    def ready(self):
        from wagtail.signals import page_published

        from .pages.tasks import after_publishing

        page_published.connect(after_publishing, dispatch_uid="make_renditions")
