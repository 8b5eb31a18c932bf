"""Records written once and used by every action: recipients, deliveries, articles; and the organisation itself."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import DateColumn, NumberColumn
from wagtail.models import Locale
from wagtail.snippets.views.snippets import DeleteView, SnippetViewSet, SnippetViewSetGroup

from actions.delivery.deliver import deliver, undelivered
from actions.delivery.models import Delivery, Recipient
from actions.pages.rights import RightsArticle
from home.organisation import Organisation

from .deleting import GuardedDelete


class DeliveryForm(WagtailAdminModelForm):
    """Records a hand-over. The number of signatures is counted, not typed."""

    class Meta:
        widgets = {"recipients": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["recipients"].queryset = Recipient.objects.filter(locale=Locale.get_default())
        if self.instance.pk:
            self.fields["petition"].disabled = True

    def clean_petition(self):
        petition = self.cleaned_data["petition"]
        if not self.instance.pk and not undelivered(petition):
            raise ValidationError(_("This form has no signatures that have not been handed over already."))
        return petition

    def save(self, commit=True):
        if self.instance.pk:
            return super().save(commit)
        self.instance = deliver(
            petition=self.cleaned_data["petition"],
            recipients=self.cleaned_data["recipients"],
            delivered_on=self.cleaned_data["delivered_on"],
            by=self.for_user,
        )
        return self.instance


class DeliveryViewSet(SnippetViewSet):
    model = Delivery
    icon = "upload"
    copy_view_enabled = False
    list_display = ["__str__", NumberColumn("signatures", label=_("Signatures")), DateColumn("delivered_on")]
    list_filter = ["petition"]
    edit_handler = ObjectList(
        [
            FieldPanel("petition", help_text=_("All its signatures that were not handed over before are frozen now.")),
            FieldPanel("recipients"),
            FieldPanel("delivered_on"),
        ],
        base_form_class=DeliveryForm,
    )


class RecipientDeleteView(GuardedDelete, DeleteView):
    pass


class RecipientViewSet(SnippetViewSet):
    model = Recipient
    delete_view_class = RecipientDeleteView
    icon = "user"
    list_display = ["__str__", "country"]
    list_filter = ["country"]


class RightsArticleViewSet(SnippetViewSet):
    model = RightsArticle
    icon = "clipboard-list"
    list_display = ["__str__", "instrument"]
    list_per_page = 50


class RecordsGroup(SnippetViewSetGroup):
    items = (DeliveryViewSet, RecipientViewSet, RightsArticleViewSet)
    menu_label = _("Records")
    menu_icon = "folder-open-inverse"
    menu_order = 220


class OrganisationViewSet(SnippetViewSet):
    model = Organisation
    icon = "home"
    list_display = ["name", "site"]
    add_to_settings_menu = True
    menu_label = _("Organisation")
