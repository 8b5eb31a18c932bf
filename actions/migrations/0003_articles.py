"""Loads the 30 articles of the Universal Declaration in every language of the site. Editors may change them."""

from uuid import NAMESPACE_URL, uuid5

from django.db import migrations

from ._universal_declaration import ARTICLES, LANGUAGES, OFFICIAL_TEXT


def load(apps, schema_editor):
    locale_model = apps.get_model("wagtailcore", "Locale")
    article_model = apps.get_model("actions", "RightsArticle")
    for language, position in zip(LANGUAGES, (1, 2, 3), strict=True):
        locale, _created = locale_model.objects.get_or_create(language_code=language)
        article_model.objects.bulk_create(
            article_model(
                locale=locale,
                translation_key=uuid5(NAMESPACE_URL, f"{OFFICIAL_TEXT['en']}#article-{article[0]}"),
                instrument="udhr",
                number=article[0],
                title=article[position][0],
                summary=article[position][1],
                url=OFFICIAL_TEXT[language],
            )
            for article in ARTICLES
        )


def unload(apps, schema_editor):
    apps.get_model("actions", "RightsArticle").objects.filter(instrument="udhr").delete()


class Migration(migrations.Migration):
    replaces = [("actions", "0002_universal_declaration")]
    dependencies = [
        ("actions", "0002_functions"),
    ]

    operations = [migrations.RunPython(load, unload)]
