"""The switchboard: registers what the rooms define, and defines nothing."""

from wagtail import hooks

from actions.pages.action import ActionPage
from actions.web.views import sign_action


@hooks.register("before_serve_page", order=1000)
def take_signature(page, request, serve_args, serve_kwargs):
    if request.method == "POST" and isinstance(page, ActionPage):
        return sign_action(request, page)
    return None
