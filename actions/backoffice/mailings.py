"""Mail to signers: composed by language, tried on oneself, sent to those who asked, stopped, and what became of it."""

from smtplib import SMTPException

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from actions.mailing import send
from actions.mailing.models import Mailing
from actions.pages.update_mail import trial
from actions.rules.errors import ChangeRefused
from actions.signing.models import Petition

from .guard import needs
from .period import moment
from .screens import show

RIGHT = "actions.send_mailing"


class MailingForm(WagtailAdminModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["petition"].queryset = Petition.objects.filter(high_risk=False, forgotten_at=None)


class MailingIndexView(IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("petition")


class ToSending:
    """After saving, one looks at who would get it."""

    def get_success_url(self):
        return reverse("mailing:send", args=[self.object.pk])


class MailingCreateView(ToSending, CreateView):
    pass


class MailingEditView(ToSending, EditView):
    def dispatch(self, request, *args, **kwargs):
        mailing = get_object_or_404(Mailing, pk=kwargs["pk"])
        if not mailing.can_be_edited:
            return redirect("mailing:send", pk=mailing.pk)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def header_buttons(self):
        return [
            HeaderButton(label=_("Try and send"), url=reverse("mailing:send", args=[self.object.pk]), icon_name="mail")
        ]


class MailingDeleteView(DeleteView):
    """What was sent stays, so that one can tell what was said."""

    def dispatch(self, request, *args, **kwargs):
        if not self.object.can_be_edited:
            messages.error(request, _("It was sent, and stays as a record of what was said."))
            return redirect("mailing:send", pk=self.object.pk)
        return super().dispatch(request, *args, **kwargs)


class MailingViewSet(ModelViewSet):
    model = Mailing
    name = "mailing"
    url_prefix = "mail-to-signers"
    icon = "mail"
    menu_label = _("Email to signers")
    menu_order = 215
    add_to_admin_menu = True
    copy_view_enabled = False
    index_view_class = MailingIndexView
    add_view_class = MailingCreateView
    edit_view_class = MailingEditView
    delete_view_class = MailingDeleteView
    search_fields = ["name"]
    list_filter = ["petition", "progress"]
    list_display = [
        TitleColumn("name", label=_("Name"), url_name="mailing:send"),
        Column("petition", label=_("Signature form")),
        Column("audience", label=_("To whom"), accessor="get_audience_display"),
        Column("progress", label=_("Progress"), accessor="get_progress_display"),
        Column("sent_at", label=_("Sent from"), accessor=lambda row: moment(row.sent_at)),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            MultiFieldPanel(
                [FieldPanel("petition"), FieldPanel("audience"), FieldPanel("a_minute")], heading=_("To whom")
            ),
            InlinePanel(
                "texts",
                panels=[FieldPanel("language"), FieldPanel("subject"), FieldPanel("body")],
                heading=_("Texts"),
                label=_("Text"),
                min_num=1,
                max_num=len(settings.LANGUAGES),
                help_text=_("One for each language. Signers whose language has none get nothing."),
            ),
        ],
        base_form_class=MailingForm,
    )

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/send/", send_mailing, name="send"),
            path("<int:pk>/trial/<str:language>/", try_mailing, name="trial"),
            path("<int:pk>/stop/", stop_mailing, name="stop"),
        ]


@needs("actions.view_mailing", also=RIGHT)
def send_mailing(request: HttpRequest, pk: int) -> HttpResponse:
    """Who would get it, and sending it for those who may; afterwards how far it has come."""
    mailing = get_object_or_404(Mailing.objects.select_related("petition", "sent_by"), pk=pk)
    may_send = request.user.has_perm(RIGHT)
    if request.method == "POST" and not may_send:
        raise PermissionDenied
    if request.method == "POST":
        try:
            number = send.start(mailing=mailing, by=request.user)
        except ChangeRefused:
            messages.error(request, gettext("That cannot be done now: it is being sent, is sent, or may not be."))
        else:
            told = ngettext("It goes to %(n)s signer.", "It goes to %(n)s signers.", number)
            messages.success(request, told % {"n": number})
        return redirect("mailing:send", pk=pk)
    names = dict(settings.LANGUAGES)
    texts = list(mailing.texts.all())
    numbers = send.audience(mailing)
    told = [(names.get(text.language, text.language), text, numbers.get(text.language, 0)) for text in texts]
    left_out = {names.get(code, code): n for code, n in numbers.items() if code not in mailing.languages()}
    gone = sum(n for code, n in send.unreachable(mailing).items() if code in mailing.languages())
    report = [(names.get(code, code), counts) for code, counts in send.report(mailing).items()]
    context = {
        "mailing": mailing,
        "texts": told,
        "number": sum(n for _name, _text, n in told),
        "left_out": left_out,
        "gone": gone,
        "report": report,
        "waiting": sum(counts["waiting"] for _name, counts in report),
        "minutes": -(-sum(n for _name, _text, n in told) // mailing.a_minute),
        "own_address": request.user.email,
        "may_send": may_send,
    }
    return show(request, "mailing", context, title=mailing.name, icon="mail")


@require_POST
@needs("actions.change_mailing")
def try_mailing(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Send the text of one language to oneself; to nobody else, so that no trial reaches a signer."""
    mailing = get_object_or_404(Mailing, pk=pk)
    text = get_object_or_404(mailing.texts.select_related("mailing__petition"), language=language)
    if not request.user.email:
        messages.error(request, gettext("Your account has no email address. Write it under “Account” first."))
        return redirect("mailing:send", pk=pk)
    try:
        trial(text, to=request.user.email).send()
    except (OSError, SMTPException):
        messages.error(request, gettext("The email server did not take it. Try again in a while."))
    else:
        messages.success(request, gettext("It is on its way to your own address."))
    return redirect("mailing:send", pk=pk)


@require_POST
@needs(RIGHT, fresh=False)  # stopping is for when something went wrong
def stop_mailing(request: HttpRequest, pk: int) -> HttpResponse:
    """Send no more of it for now."""
    mailing = get_object_or_404(Mailing, pk=pk)
    try:
        number = send.stop(mailing)
    except ChangeRefused:
        messages.error(request, gettext("It is not being sent."))
    else:
        told = ngettext("Stopped. %(n)s email was not sent.", "Stopped. %(n)s emails were not sent.", number)
        messages.success(request, told % {"n": number})
    return redirect("mailing:send", pk=pk)
