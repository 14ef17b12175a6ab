"""Mail: one message to one address, through the server the clinic has named."""

from smtplib import SMTPException

from django.core.mail import EmailMessage


class MailError(RuntimeError):
    """The message did not go out."""


def send_mail(address: str, subject: str, text: str) -> None:
    """Send a plain message; MailError where the server will not have it."""
    message = EmailMessage(subject=subject, body=text, to=[address])
    try:
        message.send(fail_silently=False)
    except (SMTPException, OSError, ValueError) as error:
        raise MailError(type(error).__name__) from error
