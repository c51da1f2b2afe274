"""The command line `timetuna`.

Each command imports what it runs: all of them together take a second and 100 MiB.
"""

import argparse
import os
import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from entrypoints.concurrency import THREADS
from entrypoints.errors import CommandError

if TYPE_CHECKING:
    from entrypoints.accounts import ListedHost
    from entrypoints.settings import Settings

UNSET_DATABASE = "give the PostgreSQL database to use, as postgresql://user:password@host:5432/database"
UNSET_SMTP = "give the mail server to send by, as smtp://user:password@host:587?tls=starttls"
UNSET_KEYS = "give at least one base64 key of 32 bytes, as made by: openssl rand -base64 32"
UNSET_PUBLIC_URL = "others are to reach this server, and links in their mails would lead to {}; give its address"
UNSET_BROKER = "a worker of its own needs a broker, as redis://host:6379/0; without one, “timetuna serve” does the work"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status: 0 done, 1 something is wrong, 2 a wrong argument."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="timetuna", description="A meeting scheduler that you run yourself.")
    parser.add_argument("--version", action=_Version, help="print the version and end")
    commands = parser.add_subparsers(title="commands", required=True)

    command = commands.add_parser(
        "demo", help="everything on this machine, with simulated Zoom, Google and Microsoft, and a mailbox"
    )
    command.add_argument("--port", type=_port, default=8000)
    command.add_argument("--data", default=".timetuna", metavar="DIR", help="where data stays (%(default)s)")
    command.set_defaults(run=_demo)

    command = commands.add_parser("serve", help="the web process(es)")
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", type=_port, default=8000)
    command.add_argument("--workers", type=_count, default=1)
    command.set_defaults(run=_serve)

    command = commands.add_parser("worker", help="background jobs")
    command.add_argument("--processes", type=_count, default=1)
    command.add_argument("--threads", type=_count, default=THREADS)
    command.set_defaults(run=_worker)

    command = commands.add_parser("migrate", help="bring the database to the current schema")
    command.set_defaults(run=_migrate)

    command = commands.add_parser("doctor", help="check settings, database, broker, mail, providers and clock")
    command.set_defaults(run=_doctor)

    command = commands.add_parser("rotate-keys", help="re-encrypt stored tokens with the first key")
    command.set_defaults(run=_rotate_keys)

    command = commands.add_parser("backup", help="write everything but the secret keys into one file")
    command.add_argument("file", metavar="FILE", help="“-” is standard output")
    command.add_argument("--overwrite", action="store_true", help="replace the file if it exists")
    command.set_defaults(run=_backup)

    command = commands.add_parser("restore", help="fill an empty database from a backup")
    command.add_argument("file", metavar="FILE", help="“-” is standard input")
    command.add_argument(
        "--mails",
        choices=("ask", "send", "drop"),
        default="ask",
        help="what becomes of emails that have been owed for more than an hour (%(default)s)",
    )
    command.set_defaults(run=_restore)

    command = commands.add_parser("create-host", help="create an account")
    for name in ("email", "name", "handle", "timezone"):
        command.add_argument(f"--{name}", required=True)
    command.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    command.add_argument("--json", action="store_true", help="print id, handle and an API token as JSON")
    command.set_defaults(run=_create_host)

    command = commands.add_parser("list-hosts", help="list all accounts")
    command.add_argument("--json", action="store_true", help="print them as JSON")
    command.set_defaults(run=_list_hosts)

    command = commands.add_parser("delete-host", help="delete an account, and cancel what is booked there")
    command.add_argument("host", metavar="HOST", help="its handle or email address")
    command.add_argument("--yes", action="store_true", help="don’t ask")
    command.set_defaults(run=_delete_host)
    return parser


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"timetuna {version('timetuna')}")
        parser.exit()


def _demo(options: argparse.Namespace) -> None:
    from entrypoints import demo

    demo.run(options.port, options.data)


def _doctor(_: argparse.Namespace) -> int:
    from entrypoints import doctor

    return doctor.run(os.environ)


def _serve(options: argparse.Namespace) -> None:
    from entrypoints.collector import hold
    from entrypoints.settings import SettingsError, is_loopback, is_plain_http, read_settings

    settings = read_settings(os.environ, port=options.port)
    _check_deployed(settings)
    if not settings.public_url_is_set and not is_loopback(options.host):
        raise SettingsError(f"TIMETUNA_PUBLIC_URL is not set: {UNSET_PUBLIC_URL.format(settings.public_url)}")
    hold()
    from entrypoints import http
    from entrypoints.logs import set_up_logs

    set_up_logs(settings)
    if is_plain_http(settings.public_url):
        http.log.warning("public_url_is_plain_http", public_url=settings.public_url, see="timetuna doctor")
    try:
        listener = http.listen(options.host, options.port)
    except OSError as error:
        raise CommandError(f"Can’t listen on {options.host}:{options.port}: {error.strerror}.") from None
    with listener:
        http.run_web(settings, listener, options.workers)


def _worker(options: argparse.Namespace) -> int:
    from entrypoints.settings import read_settings, require
    from entrypoints.worker_processes import run_workers

    settings = read_settings(os.environ)
    _check_deployed(settings)
    require(settings.broker_url, "BROKER_URL", UNSET_BROKER)
    return run_workers(options.processes, options.threads)


def _migrate(_: argparse.Namespace) -> None:
    import asyncio

    from entrypoints.migrations import bring_up_to_date

    with _database() as url:
        applied = asyncio.run(bring_up_to_date(url))
    print("\n".join(f"applied {name}" for name in applied) or "The database is up to date.")


def _rotate_keys(_: argparse.Namespace) -> None:
    import asyncio

    from entrypoints.rotation import rotate_keys

    with _database() as url:
        print(asyncio.run(rotate_keys(url, _secret_keys())))


def _backup(options: argparse.Namespace) -> None:
    import asyncio

    from entrypoints.backups import HERE, back_up

    with _database() as url:
        message = asyncio.run(back_up(url, _secret_keys(), options.file, overwrite=options.overwrite))
    print(message, file=sys.stderr if options.file == HERE else sys.stdout)


def _restore(options: argparse.Namespace) -> None:
    import asyncio

    from entrypoints.backups import restore

    with _database() as url:
        print(asyncio.run(restore(url, _secret_keys(), options.file, options.mails)))


def _create_host(options: argparse.Namespace) -> None:
    import asyncio

    import msgspec

    from adapters.presentation.sentences.refusals import fault_sentence
    from application.accounts.sign_up import NewHost
    from domain.errors import InvalidInput
    from entrypoints.accounts import create_host
    from entrypoints.logs import set_up_logs
    from entrypoints.settings import read_settings

    with _database() as url:
        password = sys.stdin.readline().rstrip("\r\n") if options.password_stdin else None
        # To stderr: programs read what the command prints.
        set_up_logs(read_settings(os.environ))
        new = NewHost(options.email, options.name, options.handle, options.timezone, password)
        try:
            made = asyncio.run(create_host(url, new, with_token=options.json))
        except InvalidInput as error:
            raise CommandError("\n".join(f"{fault.field}: {fault_sentence(fault)}" for fault in error.faults)) from None
    if options.json:
        print(msgspec.json.encode(made).decode())
    else:
        print(f"{made.handle} can sign in now." if password else f"{made.handle} was made, without a password.")


def _list_hosts(options: argparse.Namespace) -> None:
    import asyncio

    import msgspec

    from entrypoints.accounts import list_hosts

    with _database() as url:
        hosts = asyncio.run(list_hosts(url))
    if options.json:
        print(msgspec.json.encode(hosts).decode())
    elif hosts:
        print(_table(("HANDLE", "EMAIL", "NAME", "PAGES", "UPCOMING", ""), map(_row, hosts)))
    else:
        print("There are no accounts yet. Make one with “timetuna create-host”.")


def _delete_host(options: argparse.Namespace) -> None:
    import asyncio

    from entrypoints.accounts import delete_host, list_hosts
    from entrypoints.logs import set_up_logs
    from entrypoints.settings import read_settings

    with _database() as url:
        found = asyncio.run(list_hosts(url, options.host))
        if not found:
            raise CommandError(f"No account has the handle or email address {options.host}.")
        [host] = found
        if host.being_deleted:
            print(f"{host.handle} is being deleted already.")
            return
        if not options.yes and not _agreed(host):
            raise CommandError("Nothing was deleted.")
        set_up_logs(read_settings(os.environ))
        asyncio.run(delete_host(url, host.id))
    print(f"{host.handle} is being deleted: nobody can sign in any more. A worker tells the guests, then erases it.")


def _agreed(host: "ListedHost") -> bool:
    whose = f"{host.handle} ({host.name}, {host.email})"
    print(f"Delete {whose}? Booking pages: {host.booking_pages}. Bookings to be cancelled: {host.upcoming_bookings}.")
    try:
        return input("Type the handle to go on: ").strip() == host.handle
    except EOFError:
        return False


def _row(host: "ListedHost") -> tuple[str, ...]:
    state = "being deleted" if host.being_deleted else "" if host.email_confirmed else "address not confirmed"
    return (host.handle, host.email, host.name, str(host.booking_pages), str(host.upcoming_bookings), state)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


@contextmanager
def _database() -> Generator[str]:
    """The server's own address; where it can't be reached, the setting that has it is named."""
    from entrypoints.database import named_by
    from entrypoints.settings import read_settings, require

    settings = read_settings(os.environ)
    url = require(settings.server_url, "DATABASE_URL", UNSET_DATABASE)
    with named_by(settings.server_setting):
        yield url


def _secret_keys() -> tuple[bytes, ...]:
    from entrypoints.settings import read_settings, require

    return require(read_settings(os.environ).secret_keys, "SECRET_KEYS", UNSET_KEYS)


def _check_deployed(settings: "Settings") -> None:
    """Raises SettingsError where something is unset that only the demo makes by itself."""
    from entrypoints.settings import require

    require(settings.database_url, "DATABASE_URL", UNSET_DATABASE)
    require(settings.secret_keys, "SECRET_KEYS", UNSET_KEYS)
    require(settings.smtp, "SMTP_URL", UNSET_SMTP)


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:  # noqa: PLR2004 - the range of TCP ports
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return port


def _count(text: str) -> int:
    count = int(text)
    if not 0 < count <= 256:  # noqa: PLR2004 - more is a slip of the finger
        raise argparse.ArgumentTypeError("give a number from 1 to 256")
    return count


if __name__ == "__main__":
    sys.exit(main())
