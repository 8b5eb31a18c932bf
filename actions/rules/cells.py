"""Text in the cells of a spreadsheet. What begins like a formula would be carried out by the program that opens it.

Source: OWASP, “CSV Injection”; the full-width forms are read as their narrow twins by some programs.
"""

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")


def safe_cell(text: str) -> str:
    """The text as a CSV cell that no spreadsheet takes for a formula: an apostrophe goes before a dangerous start.

    Spaces before it do not help an attacker: programs that trim look at what comes after.
    """
    text = text.replace("\x00", "")
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(STARTS) else text


def plain_cell(text: str) -> str:
    """The text of a cell without the apostrophe that `safe_cell` put before it; any other apostrophe stays."""
    return text[1:] if text.startswith("'") and safe_cell(text[1:]) == text else text
