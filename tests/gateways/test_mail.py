"""Mail goes out through a server that the clinic has named, or not at all."""

import socketserver
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured

from openmeso.config.safety import refuse_unsafe_mail
from openmeso.gateways.letter import letter_text
from openmeso.gateways.mail import SILENT, MailError, is_configured, send_mail

SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Server(socketserver.StreamRequestHandler):
    """As much of a mail server as one message needs."""

    def handle(self) -> None:
        self.answer("220 here")
        while line := self.rfile.readline().decode().strip():
            if line.upper() == "DATA":
                self.answer("354 go on")
                while (part := self.rfile.readline()) != b".\r\n":
                    self.server.taken.append(part.decode())
            self.answer("221 bye" if line.upper() == "QUIT" else "250 well")

    def answer(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def server(settings, socket_enabled):
    with socketserver.TCPServer(("127.0.0.1", 0), Server) as listening:
        listening.taken = []
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = listening.server_address
        settings.DEFAULT_FROM_EMAIL = "clinic@meso.example"
        yield listening
        listening.shutdown()


def test_a_message_really_leaves_through_a_mail_server(server):
    send_mail("deniz@example.org", "A message from Moda", "Please call.")
    said = "".join(server.taken)
    assert "From: clinic@meso.example" in said
    assert "To: deniz@example.org" in said
    assert "Please call." in said


@pytest.mark.parametrize("backend", SILENT)
def test_what_goes_to_nobody_is_not_sent(settings, backend):
    settings.EMAIL_BACKEND = backend
    assert not is_configured()
    with pytest.raises(MailError):
        send_mail("deniz@example.org", "a", "b")


def test_a_server_that_is_not_there_is_told(settings, socket_enabled):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", 1
    with pytest.raises(MailError):
        send_mail("deniz@example.org", "a", "b")


def test_beyond_this_machine_no_message_is_printed_and_none_comes_from_nobody():
    console = "django.core.mail.backends.console.EmailBackend"
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        refuse_unsafe_mail(local=False, backend=console, sender="clinic@meso.example")
    with pytest.raises(ImproperlyConfigured, match="EMAIL_FROM"):
        refuse_unsafe_mail(local=False, backend=SMTP, sender="")
    refuse_unsafe_mail(local=False, backend=SMTP, sender="clinic@meso.example")
    refuse_unsafe_mail(local=True, backend=console, sender="")


@pytest.mark.parametrize("language", ["en", "tr", "fr", "es"])
def test_the_link_s_message_has_its_blanks_and_no_clinical_word(language):
    words = letter_text("link", language)
    for blank in ("{clinic}", "{link}", "{until}"):
        assert blank in words.text
    said = f"{words.subject} {words.text}".casefold()
    clinical = (
        "meso",
        "mezo",
        "hair",
        "saç",
        "cheveu",
        "cabello",
        "treat",
        "tedavi",
        "trait",
        "trata",
    )
    assert not [word for word in clinical if word in said]
