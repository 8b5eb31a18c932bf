"""Floor 4: what staff see in the Wagtail admin. `actions.wagtail_hooks` registers what is defined here."""
