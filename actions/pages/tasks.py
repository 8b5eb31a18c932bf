"""Work after publishing that nobody should wait for."""

from django_tasks import task
from wagtail.models import Page

from .share_picture import PHOTOGRAPH


@task(priority=-50)  # search and references first
def make_renditions(page_id: int) -> None:
    """Render a page once, and those above it that show it on cards, so that its pictures exist in every size before the
    first visitor asks for them: the process that visitors reach cannot make them.

    The first AVIF of a picture takes close to a second.
    """
    page = Page.objects.filter(pk=page_id).first()
    if page is None:
        return
    page = page.specific
    page.make_preview_request()
    if getattr(page, "draws_picture", False) and page.picture:
        page.picture.shown(PHOTOGRAPH)
    for above in page.get_ancestors().filter(depth__gt=1).live().specific():
        above.make_preview_request()


def after_publishing(sender, instance: Page, **kwargs) -> None:
    """Signal `page_published`."""
    make_renditions.enqueue(instance.pk)
