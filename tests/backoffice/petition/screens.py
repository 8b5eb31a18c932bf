"""How a test goes to a screen of one signature form, and reads it."""

from django.urls import reverse


def at(petition, name: str, *more) -> str:
    """Address of the screen with this name."""
    return reverse(f"petition:{name}", args=[petition.pk, *more])


def text(answer) -> str:
    return answer.content.decode()
