"""What people do in the translation editor, as requests."""

from django.urls import reverse
from wagtail_localize.models import Translation

NOT_THERE = (302, 404)  # Django looks for it once more with a language before it


def put(client, translation: Translation, source_text: str, words: str):
    segment = translation.source.stringsegment_set.get(string__data=source_text)
    url = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
    boundary = "x-boundary"
    body = f'--{boundary}\r\nContent-Disposition: form-data; name="value"\r\n\r\n{words}\r\n--{boundary}--\r\n'
    return client.put(url, body.encode(), content_type=f"multipart/form-data; boundary={boundary}")


def publish(client, target):
    return client.post(reverse("wagtailadmin_pages:edit", args=[target.pk]), {"action": "publish"}, follow=True)


def change(page, committing, **values):
    with committing():
        for name, value in values.items():
            setattr(page, name, value)
        page.save_revision().publish()
