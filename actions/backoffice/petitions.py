"""Signature forms in the admin: the list, the editor, and the chooser on the action page."""

import django_filters
from django.db import IntegrityError
from django.db.models import Exists, OuterRef
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.generic import DeleteView, EditView, IndexView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from actions.delivery.models import Delivery
from actions.rules.state import State
from actions.signing.models import Petition, PetitionTag

from . import deliveries, exports, imports, paper
from .deleting import GuardedDelete
from .desk import desk
from .legal_hold import legal_hold
from .life import change_life
from .one_signature import signature
from .petition_forms import ASKED, SAFETY, PetitionCreationForm, PetitionForm
from .reports import StateFilterSet
from .review import review_signatures, undo_decision
from .screens import tabs
from .signatures import signatures


class PetitionIndexView(IndexView):
    def get_base_queryset(self):
        delivered = Exists(Delivery.objects.filter(petition=OuterRef("pk")))
        return super().get_base_queryset().with_total().annotate(delivered=delivered)

    def search_queryset(self, queryset):
        """By a part of the name or of a tag; a form with several such tags is listed once."""
        if not self.is_searching:
            return queryset
        return queryset.filter(pk__in=super().search_queryset(Petition.objects.order_by()).values("pk"))


class PetitionFilterSet(StateFilterSet):
    """By state, end and tag."""

    tags = django_filters.ModelMultipleChoiceFilter(
        label=_("Tag"), queryset=lambda _request: Tag.objects.filter(pk__in=PetitionTag.objects.values("tag"))
    )

    class Meta(StateFilterSet.Meta):
        fields = [*StateFilterSet.Meta.fields, "tags"]


def _state(row: Petition) -> State:
    return row.state(timezone.now(), delivered=row.delivered)


class PetitionEditView(EditView):
    @cached_property
    def header_more_buttons(self):
        screens = enumerate(tabs(self.object, self.request.user, "edit"))
        return [
            *super().header_more_buttons,
            *(
                HeaderButton(label=tab["label"], url=tab["url"], icon_name=tab["icon"], priority=n)
                for n, tab in screens
                if not tab["current"]
            ),
        ]

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except IntegrityError as refused:  # it has opened while it was being saved
            if getattr(getattr(refused.__cause__, "diag", None), "constraint_name", "") != "high_risk_stays":
                raise
        form.refuse_ordinary()
        self.is_valid(form)  # no longer: says so at the top
        return self.form_invalid(form)


class PetitionDeleteView(GuardedDelete, DeleteView):
    """A signed petition is protected: its signatures would go with it."""

    signed_message = _("“%(name)s” has signatures and cannot be deleted. Close it instead: the page stays and thanks.")

    def dispatch(self, request, *args, **kwargs):
        if self.object.signatures.exists():
            return self.refuse(self.signed_message)
        return super().dispatch(request, *args, **kwargs)


class PetitionViewSet(ModelViewSet):
    model = Petition
    name = "petition"
    url_prefix = "signature-forms"
    icon = "form"
    menu_label = _("Signature forms")
    menu_order = 210
    add_to_admin_menu = True
    copy_view_enabled = False
    index_view_class = PetitionIndexView
    edit_view_class = PetitionEditView
    delete_view_class = PetitionDeleteView
    search_fields = ["name", "tags__name"]
    filterset_class = PetitionFilterSet
    list_display = [
        TitleColumn("name", label=_("Name"), url_name="petition:desk"),
        Column(
            "state", label=_("State"), accessor=lambda row: row.state(timezone.now(), delivered=row.delivered).label
        ),
        NumberColumn("total", label=_("Signatures")),
        NumberColumn("seen", label=_("Visitors see")),
        Column("opens_at", label=_("Opens"), accessor=lambda row: row.opening_in_words()),
        Column("ends_at", label=_("Ends"), accessor=lambda row: row.end_in_words()),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            InlinePanel("addressees", panels=[FieldPanel("recipient")], heading=_("Recipients"), label=_("Recipient")),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("opening_day"), FieldPanel("opening_time")]),
                    FieldRowPanel([FieldPanel("last_day"), FieldPanel("end_time")]),
                ],
                heading=_("When it can be signed"),
            ),
            MultiFieldPanel([FieldPanel("goal"), FieldPanel("hide_total_below")], heading=_("Goal and total")),
            FieldPanel("handed_over"),
            MultiFieldPanel([FieldPanel(field) for field in ASKED], heading=_("Optional fields")),
            MultiFieldPanel([FieldPanel(field) for field in SAFETY], heading=_("Safety")),
            FieldPanel("embed_hosts"),
            FieldPanel("won_on"),
            MultiFieldPanel([FieldPanel("tags"), FieldPanel("notes")], heading=_("For staff")),
        ],
        base_form_class=PetitionForm,
    )

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/desk/", desk, name="desk"),
            path("<int:pk>/signatures/", signatures, name="signatures"),
            path("<int:pk>/signatures/<uuid:signature>/", signature, name="signature"),
            path("<int:pk>/export/", exports.exports, name="exports"),
            path("<int:pk>/export/<int:export>/progress/", exports.export_progress, name="export_progress"),
            path("<int:pk>/export/<int:export>/file/", exports.export_file, name="export_file"),
            path("<int:pk>/paper/", paper.batches, name="paper"),
            path("<int:pk>/paper/<int:batch>/decide/", paper.decide, name="paper_decide"),
            path("<int:pk>/paper/<int:batch>/correct/", paper.correct, name="paper_correct"),
            path("<int:pk>/sheet/<int:page>/", paper.sheet, name="sheet"),
            path("<int:pk>/import/", imports.imports, name="imports"),
            path("<int:pk>/import/<int:task>/", imports.import_file, name="import"),
            path("<int:pk>/import/<int:task>/progress/", imports.import_progress, name="import_progress"),
            path("<int:pk>/import/<int:task>/forget/", imports.forget_import, name="import_forget"),
            path("<int:pk>/deliveries/", deliveries.deliveries, name="deliveries"),
            path("<int:pk>/deliveries/further/", deliveries.allow_recipient, name="allow_recipient"),
            path("<int:pk>/deliveries/<int:delivery>/package/", deliveries.pack_again, name="pack_again"),
            path("<int:pk>/packages/<int:number>/progress/", deliveries.package_progress, name="package_progress"),
            path("<int:pk>/packages/<int:number>/file/", deliveries.package_file, name="package_file"),
            path("<int:pk>/life/", change_life, name="life"),
            path("<int:pk>/review/", review_signatures, name="review"),
            path("<int:pk>/review/<int:rule>/undo/", undo_decision, name="undo"),
            path("<int:pk>/hold/", legal_hold, name="hold"),
        ]


class PetitionChooserViewSet(ChooserViewSet):
    model = Petition
    name = "petition_chooser"
    icon = "form"
    choose_one_text = _("Choose or make a signature form")
    choose_another_text = _("Choose another signature form")
    edit_item_text = _("Edit this signature form")
    creation_form_class = PetitionCreationForm
    create_action_label = _("Make it")
    creation_tab_label = _("Make a new one")
    search_tab_label = _("Choose one")
