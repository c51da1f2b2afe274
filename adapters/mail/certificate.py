"""The end of the mail server's certificate, before mails are kept back by it."""

import ssl
from datetime import datetime

import aiosmtplib
from cryptography.x509 import load_der_x509_certificate

from adapters.mail.smtp_server import SmtpServer
from application.ports.mail import MailTryLater
from domain.mail_problem import ConnectionFailed

PATIENCE = 10.0


async def certificate_ends_at(server: SmtpServer) -> datetime:
    """Look at the certificate without relying on it: one that has ended says when, too.

    Nothing is sent, and nobody logs in.

    Args:
        server: one that encrypts.

    Raises:
        MailTryLater: there is no telling now.
    """
    trusts_all = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusts_all.check_hostname = False
    trusts_all.verify_mode = ssl.CERT_NONE
    session = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.tls == "tls",
        start_tls=server.tls == "starttls",
        tls_context=trusts_all,
        timeout=PATIENCE,
    )
    try:
        await session.connect()
        assert session.transport is not None
        encrypted: ssl.SSLObject = session.transport.get_extra_info("ssl_object")
        certificate = encrypted.getpeercert(binary_form=True)
        assert certificate is not None
        return load_der_x509_certificate(certificate).not_valid_after_utc
    except (aiosmtplib.SMTPException, OSError) as error:
        raise MailTryLater(ConnectionFailed()) from error
    finally:
        session.close()
