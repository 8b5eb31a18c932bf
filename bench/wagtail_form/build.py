"""Tables and one form page at /form/: `python -m bench.wagtail_form.build`, with DATABASE_URL set."""

import os

import django
from django.core.management import call_command


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.wagtail_form.settings"
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)

    from wagtail.models import Site

    from bench.wagtail_form.models import FormField, FormPage

    page = FormPage(title="Form", slug="form")
    Site.objects.get().root_page.add_child(instance=page)
    for order, (label, kind) in enumerate((("Name", "singleline"), ("Email", "email"), ("Old enough", "checkbox"))):
        FormField.objects.create(page=page, label=label, field_type=kind, required=True, sort_order=order)


if __name__ == "__main__":
    main()
