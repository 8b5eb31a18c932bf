"""The switchboard: registers what the rooms define, and defines nothing."""

from functools import partial

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from actions.backoffice import account_bulk, localize, seen
from actions.backoffice.home_panel import add_panel
from actions.backoffice.mailings import MailingViewSet
from actions.backoffice.own_sessions import of_logging_in
from actions.backoffice.petitions import PetitionChooserViewSet, PetitionViewSet
from actions.backoffice.privacy import say_in_lists, say_of_page
from actions.backoffice.proposed_roles import ProposedRoleViewSet
from actions.backoffice.publishing import FromModelViewSet, tell_findings
from actions.backoffice.records import OrganisationViewSet, RecordsGroup, SiteMessageViewSet
from actions.backoffice.report_menu import addresses, audit_menu_item, menu_items, processing_menu_item
from actions.backoffice.safety import AuditViewSet, SafetyGroup
from actions.backoffice.screens import stylesheet
from actions.backoffice.translations import TranslationsViewSet, without_upstreams_report
from actions.backoffice.translators import before_editing, keep, keep_all
from actions.blocks import links
from actions.web.caching import public_pages
from actions.web.serving import hide_restricted
from actions.web.views import take_signature
from home import rich_text

hooks.register("register_rich_text_features", links.register, order=1000)
hooks.register("register_rich_text_features", rich_text.register, order=1)  # after Wagtail's own
hooks.register("on_serve_page", public_pages)
hooks.register("before_serve_page", hide_restricted, order=-1)
hooks.register("on_serve_page", take_signature, order=1000)  # innermost: after the check of who may see the page
hooks.register("insert_global_admin_css", stylesheet)
hooks.register("register_admin_viewset", PetitionViewSet)
hooks.register("register_admin_viewset", PetitionChooserViewSet)
hooks.register("register_admin_viewset", MailingViewSet)
hooks.register("register_admin_viewset", FromModelViewSet)
hooks.register("after_publish_page", tell_findings)
for moment in ("before_delete_page", "before_unpublish_page", "before_move_page"):
    hooks.register(moment, keep)
hooks.register("before_bulk_action", keep_all)
for moment in ("before_edit_page", "before_edit_snippet"):
    hooks.register(moment, before_editing, order=-1)  # before wagtail-localize's own
hooks.register("before_edit_page", say_of_page, order=-2)
hooks.register("construct_explorer_page_queryset", say_in_lists)
hooks.register("register_admin_urls", localize.addresses, order=-1)
hooks.register("register_admin_viewset", TranslationsViewSet)
hooks.register("construct_reports_menu", without_upstreams_report)
hooks.register("register_admin_viewset", SafetyGroup)
hooks.register("register_admin_viewset", AuditViewSet)
hooks.register("register_admin_viewset", ProposedRoleViewSet)
hooks.register("construct_admin_api", seen.endpoints, order=1)  # after Wagtail's, which they take the place of
for bulk_action in [*account_bulk.ACTIONS, *seen.BULK_ACTIONS]:
    hooks.register("register_bulk_action", bulk_action, order=1)  # after Wagtail's, which they take the place of
hooks.register("construct_homepage_panels", add_panel)
for name in ("mfa_index", "own_sessions"):
    hooks.register("register_account_menu_item", partial(of_logging_in, name))
hooks.register("register_admin_urls", lambda: list(addresses()))
for item in [*menu_items(), audit_menu_item, processing_menu_item]:
    hooks.register("register_reports_menu_item", item)
register_snippet(RecordsGroup)
register_snippet(OrganisationViewSet)
register_snippet(SiteMessageViewSet)
