"""The switchboard: registers what the rooms define, and defines nothing."""

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from actions.backoffice.mailings import MailingViewSet
from actions.backoffice.petitions import PetitionChooserViewSet, PetitionViewSet
from actions.backoffice.records import OrganisationViewSet, RecordsGroup
from actions.backoffice.safety import SafetyGroup
from actions.backoffice.screens import stylesheet
from actions.web.caching import public_pages
from actions.web.serving import hide_restricted
from actions.web.views import take_signature

hooks.register("on_serve_page", public_pages)
hooks.register("before_serve_page", hide_restricted, order=-1)
hooks.register("before_serve_page", take_signature, order=1000)  # after the checks of method and privacy
hooks.register("insert_global_admin_css", stylesheet)
hooks.register("register_admin_viewset", PetitionViewSet)
hooks.register("register_admin_viewset", PetitionChooserViewSet)
hooks.register("register_admin_viewset", MailingViewSet)
hooks.register("register_admin_viewset", SafetyGroup)
register_snippet(RecordsGroup)
register_snippet(OrganisationViewSet)
