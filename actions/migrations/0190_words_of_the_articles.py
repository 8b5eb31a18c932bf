"""Bans are named as bans: titles and a summary of articles as we wrote them, where nobody has changed them."""

from django.db import migrations

OLD_AND_NEW = (
    ("title", "Ikke slaveri", "Forbud mot slaveri"),
    ("title", "Ikkje slaveri", "Forbod mot slaveri"),
    ("title", "Ikke tortur", "Forbud mot tortur"),
    ("title", "Ikkje tortur", "Forbod mot tortur"),
    ("title", "Ikke vilkårlig fengsling", "Forbud mot vilkårlig fengsling"),
    ("title", "Ikkje vilkårleg fengsling", "Forbod mot vilkårleg fengsling"),
    (
        "summary",
        "Anyone whose rights are broken must be able to get help from a court.",
        "Anyone whose rights are violated must be able to get help from a court.",
    ),
)


def reword(apps, schema_editor):
    articles = apps.get_model("actions", "RightsArticle").objects.filter(instrument="udhr")
    for field, old, new in OLD_AND_NEW:
        articles.filter(**{field: old}).update(**{field: new})


class Migration(migrations.Migration):
    dependencies = [("actions", "0168_rights_of_officers")]
    operations = [migrations.RunPython(reword, migrations.RunPython.noop)]
