"""Records written once and used by every action: recipients, deliveries, articles; and the organisation itself."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.models import Site
from wagtail.snippets.views.snippets import CreateView, DeleteView, IndexView, SnippetViewSet, SnippetViewSetGroup

from actions.delivery.deliver import facts_of, has_names, record_change, record_deletion
from actions.delivery.models import Delivery, Recipient
from actions.delivery.selectors import may_receive
from actions.pages.rights import RightsArticle
from actions.rules.errors import ChangeRefused
from actions.translating.rights import may_change
from home.message import SiteMessage
from home.organisation import Organisation

from .deleting import GuardedDelete
from .inputs import MomentInput
from .period import moment


class TranslatableIndexView(IndexView):
    """A list that links only those records somebody may change: who only translates changes translations."""

    def get_edit_url(self, instance):
        return super().get_edit_url(instance) if may_change(self.request.user, instance) else None


class DeliveryForm(WagtailAdminModelForm):
    """Day, place and recipients of a hand-over. What was frozen can no longer be changed."""

    class Meta:
        widgets = {"recipients": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        had = Q(pk__in=self.instance.recipients.values("pk")) | Q(
            pk__in=may_receive(self.instance.petition).values("pk")
        )
        self.fields["recipients"].queryset = Recipient.objects.filter(had)
        self._keep_recipients()

    def _keep_recipients(self):
        if has_names(self.instance):
            self.fields["recipients"].disabled = True
            self.fields["recipients"].help_text = _(
                "A list with names was asked for, and its signers are told who gets it: the recipients can no longer "
                "be changed. For others make a new hand-over, and tick this set under “Hand over again”."
            )

    def save(self, commit=True):
        with transaction.atomic():
            Delivery.objects.select_for_update(no_key=True).get(pk=self.instance.pk)
            before = facts_of(self.instance)
            if has_names(self.instance):  # asked for while this was being filled in
                self.cleaned_data["recipients"] = list(self.instance.recipients.all())
            saved = super().save(commit=commit)
            record_change(saved, before=before, by=self.for_user)
        return saved


class DeliveryAddView(CreateView):
    """A hand-over begins at its signature form, where one sees what waits."""

    def dispatch(self, request, *args, **kwargs):
        messages.info(request, _("Choose the signature form, and then “Deliveries”."))
        return redirect("petition:index")


class DeliveryDeleteView(GuardedDelete, DeleteView):
    """Recorded by mistake, it can be deleted, and the trail keeps what it was; a list with names stays."""

    def post(self, request, *args, **kwargs):
        try:
            return super().post(request, *args, **kwargs)
        except ChangeRefused:
            return self.refuse(
                _("“%(name)s” has a list with names, and its signers are told of it. It cannot be deleted.")
            )

    def delete_action(self):
        with transaction.atomic():
            record_deletion(self.object, by=self.request.user)
            super().delete_action()


class DeliveryViewSet(SnippetViewSet):
    model = Delivery
    delete_view_class = DeliveryDeleteView
    icon = "upload"
    copy_view_enabled = False
    add_view_class = DeliveryAddView
    list_display = ["__str__", NumberColumn("number", label=_("Signatures")), DateColumn("delivered_on")]
    list_filter = ["petition"]
    edit_handler = ObjectList(
        [FieldPanel("recipients"), FieldPanel("delivered_on"), FieldPanel("place")], base_form_class=DeliveryForm
    )


class RecipientDeleteView(GuardedDelete, DeleteView):
    pass


class RecipientViewSet(SnippetViewSet):
    model = Recipient
    index_view_class = TranslatableIndexView
    delete_view_class = RecipientDeleteView
    icon = "user"
    list_display = ["__str__", "country"]
    list_filter = ["country"]


class RightsArticleViewSet(SnippetViewSet):
    model = RightsArticle
    index_view_class = TranslatableIndexView
    icon = "clipboard-list"
    list_display = ["__str__", "instrument"]
    list_per_page = 50


class RecordsGroup(SnippetViewSetGroup):
    items = (DeliveryViewSet, RecipientViewSet, RightsArticleViewSet)
    menu_label = _("Records")
    menu_icon = "folder-open-inverse"
    menu_order = 220


class SiteMessageForm(WagtailAdminModelForm):
    """A message and its time, which ends after it begins."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial.setdefault("site", Site.objects.filter(is_default_site=True).first())

    def clean(self):
        cleaned = super().clean()
        begins, ends = cleaned.get("shown_from"), cleaned.get("shown_until")
        if begins and ends and ends <= begins:
            self.add_error("shown_until", _("It ends before it begins. Choose a later time."))
        return cleaned


class SiteMessageViewSet(SnippetViewSet):
    model = SiteMessage
    index_view_class = TranslatableIndexView
    icon = "comment"
    copy_view_enabled = False
    list_display = [
        "__str__",
        Column("shown_from", label=_("Shown from"), accessor=lambda row: moment(row.shown_from)),
        Column("shown_until", label=_("Shown until"), accessor=lambda row: moment(row.shown_until)),
    ]
    add_to_settings_menu = True
    menu_label = _("Message of the day")
    edit_handler = ObjectList(
        [
            FieldPanel("site"),
            FieldPanel("text"),
            FieldPanel("shown_from", widget=MomentInput),
            FieldPanel("shown_until", widget=MomentInput),
        ],
        base_form_class=SiteMessageForm,
    )


class OrganisationViewSet(SnippetViewSet):
    model = Organisation
    index_view_class = TranslatableIndexView
    icon = "home"
    list_display = ["name", "site"]
    add_to_settings_menu = True
    menu_label = _("Organisation")
