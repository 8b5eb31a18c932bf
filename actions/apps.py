from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActionsConfig(AppConfig):
    name = "actions"
    verbose_name = _("Actions")

    def ready(self):
        from anymail.signals import tracking
        from django.db.models.signals import post_migrate, post_save
        from wagtail.signals import page_published
        from wagtail_localize.models import TranslationLog

        from . import checks  # noqa: F401
        from .accounts import trail
        from .backoffice import account_mails, own_sessions, second_factor
        from .backoffice.translators import welcome
        from .pages.action import ActionPage
        from .pages.tasks import after_publishing
        from .translating import following
        from .translating.locales import make_locales
        from .translating.models import TranslatedRecord
        from .translating.upstream import keep_addresses
        from .web import public_columns, purging
        from .web.bounces import provider_says

        # Made by the first request, it may fail: a second one, that makes it too, changes the class while it is read.
        ActionPage.get_resolver()
        keep_addresses()
        public_columns.leave_out()
        purging.listen()
        trail.listen()
        account_mails.listen()
        own_sessions.listen()
        second_factor.listen()
        tracking.connect(provider_says, dispatch_uid="take_bounces")
        post_save.connect(welcome, sender="home.HomePage", dispatch_uid="welcome_translators")
        page_published.connect(after_publishing, dispatch_uid="make_renditions")
        page_published.connect(following.page_is_published, dispatch_uid="follow_pages")
        post_migrate.connect(make_locales, sender=self)
        for record in TranslatedRecord.__subclasses__():
            post_save.connect(following.record_is_saved, sender=record, dispatch_uid=f"follow_{record.__name__}")
        post_save.connect(following.record_is_translated, sender=TranslationLog, dispatch_uid="remember_records")
