"""Who works here: the user model of the site.

Nothing decorative: what a person is called, where mail reaches the person, and what Django needs. Rights are groups.
"""

from datetime import UTC

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

# An address is found in `email` alone, so that a user name may stand where addresses must not.
not_an_address = RegexValidator(r"@", _("A user name is no email address. Leave out the @."), inverse_match=True)


class User(AbstractUser):
    """Somebody of staff.

    The table and its columns are those of Django's own model: databases that were made with it have them, and the
    version before goes on reading them while this one is put up.
    """

    id = models.AutoField(primary_key=True)
    username = models.CharField(
        _("user name"),
        max_length=150,
        unique=True,
        help_text=_("A short name to log in with, such as “kari”. It stands beside what the person does."),
        validators=[AbstractUser.username_validator, not_an_address],
        error_messages={"unique": _("There is a user of this name already.")},
    )
    # Invitations and links to a new password go there, so it leads to one person.
    email = models.EmailField(_("email address"))
    # Set by a trigger of the database (actions/migrations/_functions_people.sql), whichever way it was done.
    switched_off_at = models.DateTimeField(_("switched off"), null=True, editable=False)

    class Meta(AbstractUser.Meta):
        db_table = "auth_user"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="one_user_per_email",
                violation_error_message=_("Another user has this email address."),
            )
        ]

    def validate_constraints(self, exclude=None) -> None:
        """Say at the address what would otherwise be said of the whole form, where not every screen shows it."""
        try:
            super().validate_constraints(exclude=exclude)
        except ValidationError as error:
            found = error.error_dict
            if NON_FIELD_ERRORS in found:
                found["email"] = [*found.get("email", []), *found.pop(NON_FIELD_ERRORS)]
            raise

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session hangs on: the password, as Django has it, and that the account was not switched off since."""
        of_password = super()._get_session_auth_hash(secret=secret)
        if self.switched_off_at is None:
            return of_password
        told = f"{of_password} {self.switched_off_at.astimezone(UTC).isoformat()}"
        return salted_hmac("home.User.switched_off_at", told, secret=secret, algorithm="sha256").hexdigest()

    def __repr__(self) -> str:
        """Errors and logs quote this: an id, and no name."""
        return f"<User {self.pk}>"
