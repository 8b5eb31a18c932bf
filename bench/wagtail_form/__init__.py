"""A plain Wagtail form page, as Wagtail's own documentation has it, on a site of its own: to be compared with."""
