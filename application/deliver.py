"""Hand a mail to the mail server, for jobs that end with it."""

from application.job_runner import Again, Record, recorded
from application.ports.mail import Mailer, MailError, Notice, RecipientRefused, SupportMail


async def deliver(mailer: Mailer, mail: Notice | SupportMail, then: Record, again: Again) -> Record:
    """Send a mail, and return what is to be recorded.

    Args:
        then: once it was accepted, or if its recipient is refused for good, which nothing can mend.
        again: where the server can't take it for now.
    """
    try:
        await mailer.send(mail)
    except RecipientRefused:
        return then
    except MailError:
        return recorded(again)
    return then
