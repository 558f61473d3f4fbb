"""The people who use Haedap."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do. Each role is checked in the server, at every address."""

    AGENT = "agent", _("Agent")
    SUPERVISOR = "supervisor", _("Supervisor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Telephone(models.TextChoices):
    """What rings when a contact is offered."""

    BROWSER = "browser", _("In the browser")
    DESK = "desk", _("Desk telephone")


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts with a hashed password."""

    def create_account(
        self, username: str, *, name: str, role: str, password: str | None, must_change_password: bool = True
    ) -> Account:
        """A new active account; without a password nobody can log in to it."""
        account = self.model(username=username, name=name, role=role, must_change_password=must_change_password)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """One person. `id` is the engine's AgentId."""

    id = models.AutoField(primary_key=True)
    username = models.CharField(
        _("User name"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9._-]{2,39}\Z", _("Use 3 to 40 small letters, digits, . _ or -."))],
        error_messages={"unique": _("This user name is taken. Choose another one.")},
    )
    name = models.CharField(_("Name"), max_length=40)
    role = models.CharField(_("Role"), max_length=16, choices=Role.choices, default=Role.AGENT)
    telephone = models.CharField(
        _("Telephone"), max_length=8, choices=Telephone.choices, default=Telephone.BROWSER, db_default=Telephone.BROWSER
    )
    desk_extension = models.CharField(_("Extension"), max_length=16, blank=True, default="", db_default="")
    is_active = models.BooleanField(_("Active"), default=True, db_default=True)
    must_change_password = models.BooleanField(default=True, db_default=True)
    password_changed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]

    class Meta:
        db_table = "account"
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_agent(self) -> bool:
        return self.role == Role.AGENT

    @property
    def is_supervisor(self) -> bool:
        return self.role in {Role.SUPERVISOR, Role.ADMINISTRATOR}

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMINISTRATOR
