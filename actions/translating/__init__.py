"""From one language to the others: what was sent, how far it is, what changed since, and files for translators.

The pages themselves are translated by wagtail-localize; this room keeps what it does not: when a translation was
published from which words, that nothing half goes out, and that a changed source is followed.
"""
