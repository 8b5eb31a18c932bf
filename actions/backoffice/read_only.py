"""Lists of what nobody types."""


class ReadOnly:
    """For lists of what nobody types: it can be looked at and filtered, not added, edited or deleted."""

    add_url = None

    def get_add_url(self):
        return None

    def get_edit_url(self, instance):
        return None

    def get_delete_url(self, instance):
        return None

    def get_copy_url(self, instance):
        return None
