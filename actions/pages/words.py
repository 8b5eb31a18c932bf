"""What an action says: its title, demands and letter, as plain values. For hand-overs and sheets of paper."""

from typing import Any

from actions.signing.models import Petition

from .action import ActionPage


def words_of(page: ActionPage) -> dict[str, Any]:
    """Title, lead, demands and letter of a page, in its language."""
    demands = next((block.value for block in page.body if block.block_type == "demands"), None)
    letter = page.letter()
    return {
        "title": page.title,
        "lead": page.lead,
        "demands_heading": demands["heading"] if demands else "",
        "demands": list(demands["demands"]) if demands else [],
        "letter": {
            "language": letter["language"].split("-")[0],
            "dir": letter.dir,
            "greeting": letter.greeting,
            "paragraphs": letter.paragraphs,
            "closing": letter["closing"],
        }
        if letter
        else None,
    }


def words_in_force(petition: Petition) -> dict[str, dict[str, Any]]:
    """The words of every published page of a petition, by language; of all its pages where none is published."""
    pages = list(ActionPage.objects.filter(petition=petition).select_related("locale").order_by("pk"))
    live = [page for page in pages if page.live] or pages
    return {page.locale.language_code: words_of(page) for page in live}
