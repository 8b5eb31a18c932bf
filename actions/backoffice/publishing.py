"""Around publishing: what is worth looking at, told to whoever publishes; and a new action from a model."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import Locale, Page

from actions.pages.action import ActionPage
from actions.pages.action_index import ActionIndexPage
from actions.pages.checks import findings

from .earlier_actions import earlier_actions, free_slug, index_for
from .guard import needs
from .screens import TEXT_INPUT, show


def tell_findings(request: HttpRequest, page: Page) -> None:
    """Hook `after_publish_page`: nothing is forbidden, and nothing wrong goes unsaid."""
    page = page.specific
    if not isinstance(page, ActionPage):
        return
    wrong = [finding for finding in findings(page) if finding.now]
    if wrong:
        told = ngettext(
            "Published. One thing to look at: %(things)s",
            "Published. %(n)s things to look at: %(things)s",
            len(wrong),
        )
        values = {"n": len(wrong), "things": " ".join(str(finding.text) for finding in wrong)}
        messages.warning(request, told % values)


class FromModelForm(forms.Form):
    """Which model, and what the new action is called."""

    model = forms.ModelChoiceField(
        ActionPage.objects.none(), label=gettext_lazy("Model"), widget=forms.RadioSelect, empty_label=None
    )
    title = forms.CharField(
        label=gettext_lazy("Title of the new action"), max_length=200, widget=forms.TextInput(attrs=TEXT_INPUT)
    )

    def __init__(self, data=None):
        super().__init__(data)
        self.fields["model"].queryset = ActionPage.objects.filter(is_model=True, locale=Locale.get_default())

    def clean_title(self) -> str:
        title = self.cleaned_data["title"]
        if not slugify(title):
            raise forms.ValidationError(gettext_lazy("Write at least one letter or figure."))
        return title


@needs("wagtailadmin.access_admin")
def from_model(request: HttpRequest) -> HttpResponse:
    """A draft with everything of the model but its signature form, under the first action index one may add to."""
    form = FromModelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        model, title = form.cleaned_data["model"], form.cleaned_data["title"]
        index = index_for(request.user, model.locale)
        if index is None:
            form.add_error(None, gettext_lazy("You may not add pages below the list of actions."))
        else:
            page = _copy(model, title, index, request.user)
            messages.success(request, _("Made as a draft, without a signature form. Make one under “Signatures”."))
            return redirect("wagtailadmin_pages:edit", page.pk)
    has_models = form.fields["model"].queryset.exists()
    return show(
        request,
        "from_model",
        {"form": form, "has_models": has_models},
        title=gettext_lazy("New action from a model"),
        icon="copy",
    )


def _copy(model: ActionPage, title: str, index: ActionIndexPage, user) -> ActionPage:
    changes = {"title": title, "draft_title": title, "slug": free_slug(title, index), "is_model": False}
    return model.copy(to=index, update_attrs=changes, copy_revisions=False, keep_live=False, user=user)


class ModelMenuItem(MenuItem):
    def is_shown(self, request):
        return any(
            page.permissions_for_user(request.user).can_add_subpage() for page in ActionIndexPage.objects.all()[:3]
        )


class FromModelViewSet(ViewSet):
    name = "from_model"
    url_prefix = "new-action"
    icon = "copy"
    menu_label = gettext_lazy("New action")
    menu_order = 205
    add_to_admin_menu = True
    menu_item_class = ModelMenuItem

    def get_urlpatterns(self):
        return [
            path("", from_model, name="index"),
            path("earlier/", earlier_actions, name="earlier"),
        ]
