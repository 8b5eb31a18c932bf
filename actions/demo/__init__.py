"""The furniture: content that `manage.py load_demo` puts into an empty site. Stands on top of the house, used by nobody.

Facts are real and were checked against the sources named in the texts; words and drawings are our own; no person is
invented. Each text is written once in nb, nn and en, side by side.
"""
