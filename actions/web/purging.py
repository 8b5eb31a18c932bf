"""Forgetting pages that were kept, when something they show has changed.

Our own cache forgets everything: pages are made anew by the next request, once each. Where the cache is not shared
(CACHE_URL), only the process that made the change forgets; the others show it when the page's seconds are over. A
caching proxy or a CDN with a way to purge is told which addresses changed (WAGTAILFRONTENDCACHE); Wagtail tells of
published pages itself.
"""

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.contrib.frontend_cache.utils import PurgeBatch
from wagtail.signals import page_published, page_unpublished, post_page_move

from actions.delivery.models import Delivery, PetitionRecipient
from actions.pages.action import ActionPage
from actions.signing.models import Petition, SigningRules
from actions.translating.models import TranslatedRecord
from home import standing


def forget(**kwargs) -> None:
    """When the change is stored: forget our own pages."""
    transaction.on_commit(standing.forget)


def petition_changed(petition_id: int) -> None:
    """Forget our own pages, and let proxies forget an action's in every language, with all that stand above them."""
    forget()
    if settings.WAGTAILFRONTENDCACHE:
        transaction.on_commit(lambda: _purge(petition_id))


def _purge(petition_id: int) -> None:
    batch = PurgeBatch()
    for page in ActionPage.objects.live().filter(petition=petition_id):
        batch.add_page(page)
        batch.add_pages(page.get_ancestors().filter(depth__gt=1).live().specific())
    batch.purge()


def _petition_saved(instance: Petition, **kwargs) -> None:
    petition_changed(instance.pk)


def _part_saved(instance, **kwargs) -> None:
    petition_changed(instance.petition_id)


def listen() -> None:
    """Hear of every change that visitors can see."""
    for signal in (page_published, page_unpublished, post_page_move):
        signal.connect(forget, dispatch_uid="forget_pages")
    post_save.connect(_petition_saved, sender=Petition, dispatch_uid="forget_petition")
    for part in (Delivery, PetitionRecipient):
        for signal in (post_save, post_delete):
            signal.connect(_part_saved, sender=part, dispatch_uid="forget_part")
    m2m_changed.connect(forget, sender=Delivery.recipients.through, dispatch_uid="forget_recipients")
    post_delete.connect(forget, sender=apps.get_model("wagtailcore.Page"), dispatch_uid="forget_deleted")
    watched = [
        SigningRules,
        *TranslatedRecord.__subclasses__(),
        *(apps.get_model(name) for name in ("wagtailcore.PageViewRestriction", "wagtailcore.Site")),
    ]
    for model in watched:
        post_save.connect(forget, sender=model, dispatch_uid="forget_record")
        post_delete.connect(forget, sender=model, dispatch_uid="forget_record")
