"""Work after publishing that nobody should wait for."""

from django_tasks import task
from wagtail.models import Page


@task(priority=-50)  # search and references first
def make_renditions(page_id: int) -> None:
    """Render a page once, so that its pictures exist in every size before the first visitor asks for them.

    The first AVIF of a picture takes close to a second.
    """
    if page := Page.objects.filter(pk=page_id).first():
        page.specific.make_preview_request()


def after_publishing(sender, instance: Page, **kwargs) -> None:
    """Signal `page_published`."""
    make_renditions.enqueue(instance.pk)
