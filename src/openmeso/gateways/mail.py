"""Mail: one message to one address, through the server the clinic has named."""

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

# they take a message and send it to nobody
SILENT = tuple(
    f"django.core.mail.backends.{one}.EmailBackend" for one in ("console", "dummy", "filebased")
)


class MailError(RuntimeError):
    """The message did not go out."""


def is_configured() -> bool:
    """Whether the clinic has named a server that mail goes out through."""
    return settings.EMAIL_BACKEND not in SILENT


def send_mail(address: str, subject: str, text: str) -> None:
    """Send a plain message; MailError where there is no server, or it will not have it."""
    if not is_configured():
        raise MailError("no mail server")
    message = EmailMessage(subject=subject, body=text, to=[address])
    try:
        message.send(fail_silently=False)
    except (SMTPException, OSError, ValueError) as error:
        raise MailError(type(error).__name__) from error
