"""The roles of staff as groups, each with the rights it needs and no more (docs/editors.md tells them in words).

`make` may be called again at any time: it adds what is missing, and takes nothing away that somebody gave by hand.
"""

LOOK = [
    "wagtailadmin.access_admin",
    "actions.view_petition",
]
COMPOSE = [
    *LOOK,
    "actions.view_translationstatus",
    "actions.add_petition",
    "actions.change_petition",
    "actions.view_recipient",
    "actions.add_recipient",
    "actions.change_recipient",
    "actions.view_rightsarticle",
    "actions.view_delivery",
    "actions.view_paperbatch",
    "actions.add_paperbatch",
    "actions.view_mailing",
    "actions.add_mailing",
    "actions.change_mailing",
    "actions.delete_mailing",
    "wagtail_localize.submit_translation",
]
PUBLISH = [
    *COMPOSE,
    "actions.close_petition",
    "actions.delete_petition",
    "actions.send_mailing",
    "home.add_sitemessage",
    "home.change_sitemessage",
    "home.delete_sitemessage",
    "home.view_sitemessage",
    "actions.delete_recipient",
    "actions.change_rightsarticle",
]
TRANSLATE = [
    "wagtailadmin.access_admin",
    "actions.view_translationstatus",
    "actions.view_recipient",
    "actions.change_recipient",
    "actions.view_rightsarticle",
    "actions.change_rightsarticle",
    "home.view_organisation",
    "home.change_organisation",
    "home.view_sitemessage",
    "home.change_sitemessage",
]
SIGNATURES = [
    *LOOK,
    "actions.view_signature",
    "actions.open_signer",
    "actions.export_signature",
    "actions.add_reviewrule",
    "actions.change_listedaddress",
    "actions.view_paperbatch",
    "actions.add_paperbatch",
    "actions.confirm_paperbatch",
    "actions.add_signatureimport",
    "actions.view_delivery",
    "actions.add_delivery",
    "actions.change_delivery",
    "actions.view_recipient",
    "actions.view_alarm",
    "actions.change_alarm",
]
# What the officer answers for, to look at.
OVERSEE = [
    "actions.view_consenttext",
    "actions.view_export",
    "home.view_organisation",
    "home.view_user",
]
PROTECT = [
    "actions.view_membernotice",
    *LOOK,
    *OVERSEE,
    "actions.view_signature",
    "actions.open_signer",
    "actions.delete_signer",
    "actions.change_listedaddress",
    "actions.view_auditrecord",
    "actions.view_alarm",
    "actions.change_alarm",
    "actions.view_delivery",
    "actions.view_paperbatch",
]
ADMINISTER = [
    *dict.fromkeys([*PUBLISH, *SIGNATURES]),
    "actions.change_signingrules",
    "actions.view_allowednetwork",
    "actions.add_allowednetwork",
    "actions.change_allowednetwork",
    "actions.delete_allowednetwork",
    "actions.view_auditrecord",
    "actions.view_membernotice",
    "actions.change_membernotice",
    "home.view_organisation",
    "home.add_organisation",
    "home.change_organisation",
    "home.add_user",
    "home.change_user",
    "home.delete_user",
    "home.view_user",
    "wagtailcore.add_site",
    "wagtailcore.change_site",
    "wagtailcore.view_site",
    "wagtailcore.add_locale",
    "wagtailcore.change_locale",
    "wagtailcore.view_locale",
    "wagtailredirects.add_redirect",
    "wagtailredirects.change_redirect",
    "wagtailredirects.delete_redirect",
    "wagtailredirects.view_redirect",
]

# Rights on what came after the groups were first made: not there yet while the first migrations run, and given by one of
# their own (0168).
NEWER = frozenset(
    {
        "actions.change_listedaddress",
        *(f"home.{verb}_sitemessage" for verb in ("add", "change", "delete", "view")),
    }
)

# Rights on pages below the root, and on pictures and documents of the root collection.
WRITE_PAGES = ["add_page", "change_page"]
PUBLISH_PAGES = [*WRITE_PAGES, "publish_page", "lock_page", "unlock_page"]
LIBRARY = [
    *("wagtailimages.add_image", "wagtailimages.change_image", "wagtailimages.choose_image"),
    *("wagtaildocs.add_document", "wagtaildocs.change_document", "wagtaildocs.choose_document"),
]
# Wagtail asks for these at a collection, not everywhere: who makes collections and says who may see what is in them.
COLLECTIONS = ["wagtailcore.add_collection", "wagtailcore.change_collection", "wagtailcore.delete_collection"]
SEE_LIBRARY = ["wagtailimages.choose_image", "wagtaildocs.choose_document"]

# Name of the group: rights, rights on all pages, rights on the library. Translators get rights on the pages of their
# languages when these are made (actions.backoffice.translators).
ROLES = {
    "Editor": (COMPOSE, WRITE_PAGES, LIBRARY),
    "Publisher": (PUBLISH, PUBLISH_PAGES, LIBRARY),
    "Translator": (TRANSLATE, [], SEE_LIBRARY),
    "Signature officer": (SIGNATURES, [], []),
    "Data-protection officer": (PROTECT, [], []),
    "Administrator": (ADMINISTER, PUBLISH_PAGES, [*LIBRARY, *COLLECTIONS]),
}


def make(apps) -> None:
    """Make the groups and give them their rights, from a registry of models of now or of a migration."""
    group_model = apps.get_model("auth", "Group")
    collection = apps.get_model("wagtailcore", "Collection").objects.filter(depth=1).first()
    page = apps.get_model("wagtailcore", "Page").objects.filter(depth=1).first()
    for name, (rights, on_pages, on_library) in ROLES.items():
        group, _created = group_model.objects.get_or_create(name=name)
        group.permissions.add(*_permissions(apps, rights))
        if page is not None:
            on_page = apps.get_model("wagtailcore", "GroupPagePermission")
            for permission in _permissions(apps, [f"wagtailcore.{codename}" for codename in on_pages]):
                on_page.objects.get_or_create(group=group, page=page, permission=permission)
        if collection is not None:
            on_collection = apps.get_model("wagtailcore", "GroupCollectionPermission")
            for permission in _permissions(apps, on_library):
                on_collection.objects.get_or_create(group=group, collection=collection, permission=permission)


def _permissions(apps, rights: list[str]) -> list:
    model = apps.get_model("auth", "Permission")
    found = []
    for right in rights:
        app, codename = right.split(".")
        permission = model.objects.filter(content_type__app_label=app, codename=codename).first()
        if permission is None and right not in NEWER:
            raise model.DoesNotExist(right)
        found += [permission] if permission else []
    return found
