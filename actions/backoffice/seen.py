"""What Wagtail tells of pages, pictures, documents and records to everybody in the admin, told only to those who may
see them: its interface for its own scripts, and the screens for many at once."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Model, QuerySet
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.pages import bulk_actions as of_pages
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.documents.views import bulk_actions as of_documents
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.images.views import bulk_actions as of_images
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction as DeleteRecords

# As Wagtail's own lists and choosers ask (the right to add to a collection opens what one has put there oneself).
RIGHTS = ["add", "change", "delete", "choose", "view"]


def seen_by(user: AbstractBaseUser, model: type[Model]) -> QuerySet:
    """What of a model somebody may see in the admin."""
    policy = policy_registry.get_by_type(model)
    if issubclass(model, Page):
        return policy.explorable_instances(user)
    return policy.instances_user_has_any_permission_for(user, RIGHTS)


class Images(ImagesAdminAPIViewSet):
    def get_queryset(self) -> QuerySet:
        return super().get_queryset().filter(pk__in=seen_by(self.request.user, self.model).values("pk"))


class Documents(DocumentsAdminAPIViewSet):
    def get_queryset(self) -> QuerySet:
        return super().get_queryset().filter(pk__in=seen_by(self.request.user, self.model).values("pk"))


def endpoints(router: Any) -> None:
    """Hook `construct_admin_api`, after Wagtail's own, whose places they take."""
    router.register_endpoint("images", Images)
    router.register_endpoint("documents", Documents)


class OnlySeen(BulkAction):
    """Whoever may not do it with something is told what that is only if he may see it."""

    def get_actionable_objects(self) -> tuple[list, dict[str, list]]:
        objects, others = super().get_actionable_objects()
        refused = others["items_with_no_access"]
        seen = seen_by(self.request.user, self.model).filter(pk__in=[each.pk for each in refused])
        known = set(seen.values_list("pk", flat=True))
        return objects, others | {"items_with_no_access": [each for each in refused if each.pk in known]}


def _only_seen(action: type[BulkAction]) -> type[BulkAction]:
    return type(action.__name__, (OnlySeen, action), {})


WAGTAILS = (
    *(of_pages.DeleteBulkAction, of_pages.MoveBulkAction, of_pages.PublishBulkAction, of_pages.UnpublishBulkAction),
    *(of_images.AddTagsBulkAction, of_images.AddToCollectionBulkAction, of_images.DeleteBulkAction),
    *(of_documents.AddTagsBulkAction, of_documents.AddToCollectionBulkAction, of_documents.DeleteBulkAction),
    DeleteRecords,
)
BULK_ACTIONS = tuple(map(_only_seen, WAGTAILS))
