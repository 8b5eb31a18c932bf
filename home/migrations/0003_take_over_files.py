"""Take over pictures and documents from Wagtail's own tables, under their numbers: pages, texts and revisions name them.

The rows there stay for the version before, which may run beside this one; `manage.py strip_files` deletes them, and
strips the files themselves. Sizes are not taken over: they were made from files that were not stripped.
"""

from django.db import migrations

IMAGE = (
    "id, title, file, description, width, height, created_at, focal_point_x, focal_point_y, focal_point_width, "
    "focal_point_height, file_size, file_hash, collection_id, uploaded_by_user_id"
)
DOCUMENT = "id, title, file, created_at, file_size, file_hash, collection_id, uploaded_by_user_id"
# Tables that name a record by its kind and number, and their columns for the kind.
KINDS = [
    ("taggit_taggeditem", "content_type_id"),
    ("wagtailcore_modellogentry", "content_type_id"),
    ("wagtailcore_referenceindex", "content_type_id"),
    ("wagtailcore_referenceindex", "base_content_type_id"),
    ("wagtailcore_referenceindex", "to_content_type_id"),
    ("wagtailcore_uploadedfile", "for_content_type_id"),
    ("wagtailsearch_indexentry", "content_type_id"),
]


def take_over(apps, schema_editor):
    kinds = apps.get_model("contenttypes", "ContentType").objects
    with schema_editor.connection.cursor() as cursor:
        for app, old, new, columns, more, value in (
            ("wagtailimages", "image", "customimage", IMAGE, "credit, licence", "'', ''"),
            ("wagtaildocs", "document", "customdocument", DOCUMENT, "download_name, public_copy", "'', ''"),
        ):
            cursor.execute(f"insert into home_{new} ({columns}, {more}) select {columns}, {value} from {app}_{old}")
            cursor.execute(
                f"select setval(pg_get_serial_sequence('home_{new}', 'id'), max(id)) from home_{new} having max(id) > 0"
            )
            before = kinds.filter(app_label=app, model=old).first()
            if before is None:
                continue
            after, _made = kinds.get_or_create(app_label="home", model=new)
            for table, column in KINDS:
                cursor.execute(f"update {table} set {column} = %s where {column} = %s", [after.pk, before.pk])


class Migration(migrations.Migration):

    dependencies = [
        ("home", "0002_images_and_documents"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailsearch", "0010_add_text_fields"),
    ]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
