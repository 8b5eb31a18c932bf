"""Strip metadata from files: who made them, where, when, with what. Plain Python; knows no model and no request.

What a file shows stays as it is; what it says about itself goes. A file that cannot be stripped is refused, never
passed on as it is. The module of films runs in a process of its own and imports nothing of the site.
"""
