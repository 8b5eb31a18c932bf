"""Somebody of staff who logs in, and the form of the own account."""

from django.urls import reverse

PASSWORD = "a long password here"
SECRET = "JBSWY3DPEHPK3PXP"


def log_in(client, password: str = PASSWORD, name: str = "staff"):
    return client.post(reverse("account_login"), {"login": name, "password": password})


def account(client, **changes) -> dict[str, str]:
    """What Wagtail's screen of one's own account sends, with `changes`."""
    tabs = client.get(reverse("wagtailadmin_account")).context["panels_by_tab"]
    forms = [panel.get_form() for panels in tabs.values() for panel in panels]
    sent = {field.html_name: field.value() or "" for form in forms for field in form if field.name != "avatar"}
    changes |= {"name_email__first_name": "Kari", "name_email__last_name": "Nordmann"}
    return sent | {name.replace("__", "-"): value for name, value in changes.items()}
