"""Telling an officer where a page of theirs is. Messages say nothing about the citizen: they may lie in any mailbox."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass

import httpx
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_ATTEMPTS = 5
_PATIENCE_SECONDS = 10


class Way(models.TextChoices):
    """By what an officer is told."""

    MAIL = "mail", _("E-mail")
    MESSENGER = "messenger", _("Messenger")


class State(models.TextChoices):
    """What became of one message."""

    WAITING = "waiting", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be sent")


class DeliveryError(Exception):
    """It could not be sent now; another attempt may do."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent; `text` has the address `url` in it, which a messenger may also show as a button."""

    title: str
    text: str
    url: str


def configured(way: Way) -> bool:
    """Whether this centre can send this way."""
    return bool(settings.HAEDAP.mail_url if way is Way.MAIL else settings.HAEDAP.messenger_url)


def send(way: Way, address: str, message: Message) -> None:
    """Raises DeliveryError."""
    if way is Way.MAIL:
        _mail(address, message)
    else:
        body = {"to": address, "title": message.title, "text": message.text, "url": message.url}
        post(settings.HAEDAP.messenger_url, body)


def post(url: str, body: dict[str, str]) -> None:
    """Give a message to a gateway, see docs/reference/messenger.md. Raises DeliveryError."""
    try:
        httpx.post(url, json=body, timeout=_PATIENCE_SECONDS).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise DeliveryError(type(error).__name__) from error


def _mail(address: str, message: Message) -> None:
    try:
        EmailMessage(message.title, message.text, to=[address]).send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise DeliveryError(type(error).__name__) from error
