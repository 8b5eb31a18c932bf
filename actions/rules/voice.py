"""Words that call to act. They are right while an action is open, and wrong when it has ended.

Patterns, not a grammar: what they find is shown to an editor, who decides.
"""

import re

CALLS = {
    "nb": r"\b(?:skriv under|signer|underskriv|krev|delta|bli med|hjelp oss|før fristen|siste frist)\b",
    "nn": r"\b(?:skriv under|signer|underskriv|krev|delta|ver med|bli med|hjelp oss|før fristen|siste frist)\b",
    "en": r"\b(?:sign (?:now|the|today|here)|demand that|act now|join us|take action|help us|deadline)\b",
}


def calls_in(text: str, language: str) -> list[str]:
    """The calls in a text of this language, as they stand there; none in a language without a list."""
    pattern = CALLS.get(language)
    return [found.group() for found in re.finditer(pattern, text, re.IGNORECASE)] if pattern else []
