"""The real server under load: signed-in clients on loopback, every read noted in the audit trail.

Starts gunicorn as `openmeso serve` does, on a scratch database (SQLite; PostgreSQL where
DATABASE_URL names one, in a database of its own that is dropped afterwards), and prints for one
and four clients the median and 95th percentile [ms], the requests per second and the server's own processor time of a patient's
read (JSON, and the page), of the save of a session at the chair, and of /healthz, the least this
server does, as their peer in the same run. Afterwards every read must stand in the audit chain.
Bounded in time and count; nothing but 127.0.0.1 is asked.

    PYTHONPATH=src:. python benchmarks/load.py [SECONDS]
"""

import argparse
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

CLIENTS = (1, 4)
SECONDS = 5.0
MOST_REQUESTS = 20_000
WARM_UP = 20
WORKERS = 2
READ_AIM_MS, READ_AIM_PER_S, SAVE_AIM_MS = 4.0, 700.0, 15.0


class Connection:
    """One kept-alive connection; as little work as can be, for it shares the server's machine."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port, self._cookie, self._socket = port, cookie, None

    def ask(self, path: str, body: bytes | None = None, *headers: str) -> tuple[int, bytes]:
        """Status and body."""
        words = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1", "Host: localhost"]
        words += [f"Cookie: {self._cookie}", *headers]
        if body is not None:
            words += [f"Content-Length: {len(body)}"]
        message = "\r\n".join([*words, "", ""]).encode() + (body or b"")
        for _ in range(2):  # the server may have closed an idle connection
            if self._socket is None:
                self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=30)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self._socket.sendall(message)
                return self._answer()
            except (ConnectionError, EOFError):
                self._socket.close()
                self._socket = None
        raise ConnectionError("the server hung up twice")

    def _answer(self) -> tuple[int, bytes]:
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _, body = got.partition(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        fields = dict(line.split(b": ", 1) for line in lines[1:] if b": " in line)
        length = int(fields[b"content-length"])
        while len(body) < length:
            body += self._more()
        if fields.get(b"connection") == b"close":
            self._socket.close()
            self._socket = None
        return int(lines[0].split()[1]), body

    def _more(self) -> bytes:
        got = self._socket.recv(65536)
        if not got:
            raise EOFError
        return got


@dataclass
class Case:
    """What one client does once; ``make`` gives each client its own."""

    name: str
    make: Callable[[int], Callable[[], int]]
    expected: int = 200
    at_once: tuple[int, ...] = CLIENTS


def run(case: Case, clients: int, seconds: float) -> tuple[list[float], float]:
    """Milliseconds of each answer, and answers per second."""
    taken: list[list[float]] = [[] for _ in range(clients)]
    asks = [case.make(n) for n in range(clients)]
    for ask in asks:
        for _ in range(WARM_UP):
            assert ask() == case.expected, case.name
    until = time.perf_counter() + seconds

    def work(n: int) -> None:
        while time.perf_counter() < until and len(taken[n]) < MOST_REQUESTS // clients:
            began = time.perf_counter()
            status = asks[n]()
            taken[n].append(time.perf_counter() - began)
            assert status == case.expected, (case.name, status)

    threads = [threading.Thread(target=work, args=[n]) for n in range(clients)]
    began = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    every = [1e3 * each for one in taken for each in one]
    return every, len(every) / (time.perf_counter() - began)


def prepare():
    """A demo clinic; a patient to read, and a draft of a session for each client's saves."""
    from django.core.management import call_command

    from openmeso.records import models
    from openmeso.services import lot as lots
    from openmeso.services import plan as plans
    from openmeso.services import session as sessions
    from openmeso.services.demo import build_demo_clinic

    call_command("migrate", verbosity=0)
    build_demo_clinic()
    lead = models.User.objects.get(username="demo")
    for plan in models.Plan.objects.filter(course__status="running").order_by("pk"):
        computed = plans.to_terms(plan)
        begun = set(plan.sessions.values_list("number", flat=True))
        free = [n for n in range(1, computed.sessions + 1) if n not in begun][: max(CLIENTS)]
        stocked = {lot.product for lot in lots.of_clinic(plan.patient.clinic)}
        if len(free) == max(CLIENTS) and stocked.issuperset(d.product for d in computed.draw_up):
            drafts = [sessions.start(by=lead, plan=plan, number=number) for number in free]
            return lead, plan.patient, drafts
    raise LookupError("the demo has no running course with enough sessions left")


def signed_in(user) -> str:
    """The cookies of a browser that has signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    token = secrets.token_hex(16)
    return f"sessionid={client.cookies['sessionid'].value}; csrftoken={token}"


def typed(session) -> dict[str, object]:
    """An uneventful session as the page at the chair posts it."""
    from openmeso.services import lot as lots
    from openmeso.services import session as sessions
    from openmeso.services.knowledge import knowledge

    plan, sex = sessions.plan_of(session), session.patient.sex
    asked = [one for one in knowledge().contraindications.values() if sex in one.sexes]
    fields: dict[str, object] = {f"q_{one.id}": "no" for one in asked if one.every_session}
    fields |= {"anything_new": "no", "pain": 3, "minutes": 21.5, "reactions_seen": "no"}
    fields |= {"exceptions": "[]", "aftercare_given": "on"}
    shelf = {lot.product: lot for lot in lots.of_clinic(session.patient.clinic)}
    for draw in plan.draw_up:
        fields |= {
            f"lot_{draw.product}_1": str(shelf[draw.product].pk),
            f"drawn_{draw.product}_1": draw.volume_ml,
        }
    return fields | {f"zone_{n}": "on" for n, _ in enumerate(plan.grid.zones, 1)}


def cases(port: int, cookie: str, patient, drafts) -> list[Case]:
    def reading(path: str) -> Callable[[int], Callable[[], int]]:
        def make(_: int) -> Callable[[], int]:
            connection = Connection(port, cookie)
            return lambda: connection.ask(path)[0]

        return make

    def saving(n: int) -> Callable[[], int]:
        connection, draft, fields = Connection(port, cookie), drafts[n], typed(drafts[n])
        token = cookie.rsplit("=", 1)[1]
        headers = (
            "Accept: application/json",
            "Content-Type: application/x-www-form-urlencoded",
            f"X-CSRFToken: {token}",
        )

        def save() -> int:
            draft.refresh_from_db(fields=["version"])
            body = fields | {"version": draft.version, "client_token": secrets.token_hex(8)}
            encoded = urlencode(body).encode()
            return connection.ask(f"/sessions/{draft.pk}/save/", encoded, *headers)[0]

        return save

    return [
        Case("least (healthz)", reading("/healthz")),
        Case("patient read, JSON", reading(f"/api/patients/{patient.pk}/plans")),
        Case("patient page", reading(f"/patients/{patient.pk}/")),
        Case("session save", saving),
    ]


def serve(port: int) -> subprocess.Popen:
    from openmeso.cli.serve import server_words

    chosen = argparse.Namespace(host="127.0.0.1", port=port, workers=WORKERS)
    quiet = os.environ | {"LOG_LEVEL": "WARNING"}
    words = server_words(chosen)
    return subprocess.Popen(words, env=quiet, stderr=subprocess.DEVNULL)  # noqa: S603


def processor_ms(server: int) -> float:
    """What the server and its workers have used of the processors; whatever else keeps them busy."""
    ticks = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = int(status.parent.name), status.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if server in (pid, int(rest[1])):
            ticks += int(rest[11]) + int(rest[12])
    return 1e3 * ticks / os.sysconf("SC_CLK_TCK")


def wait_for(port: int, cookie: str) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            if Connection(port, cookie).ask("/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the server does not answer")


def wait_until_idle(server: int) -> None:
    """What it compiles and reads beside its first answers is no part of an answer."""
    until, idle = time.monotonic() + 180, 0
    while idle < 3 and time.monotonic() < until:
        spent_ms = processor_ms(server)
        time.sleep(1)
        idle = idle + 1 if processor_ms(server) - spent_ms < 50 else 0


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def measure(seconds: float) -> int:
    import django

    django.setup()
    from django.db import connection

    on_postgres = connection.vendor == "postgresql"
    if on_postgres:
        name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
        os.environ["DATABASE_URL"] = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    try:
        return _measure(connection, seconds)
    finally:
        if on_postgres:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def _measure(connection, seconds: float) -> int:
    from openmeso.records.models import AuditEvent
    from openmeso.services import audit

    lead, patient, drafts = prepare()
    cookie, port = signed_in(lead), free_port()
    server = serve(port)
    try:
        wait_for(port, cookie)
        wait_until_idle(server.pid)
        noted, asked, missed = AuditEvent.objects.count(), 0, False
        for case in cases(port, cookie, patient, drafts):
            for clients in case.at_once:
                spent_ms = processor_ms(server.pid)
                taken, per_second = run(case, clients, seconds)
                spent_ms = processor_ms(server.pid) - spent_ms
                p50 = statistics.median(taken)
                p95 = sorted(taken)[int(0.95 * (len(taken) - 1))]
                if case.name.startswith("least"):
                    least = p50
                else:
                    asked += len(taken) + WARM_UP * clients
                print(
                    f"{connection.vendor:10} {case.name:19} {clients} client{'s'[: clients - 1]:1}"
                    f"  p50 {p50:7.2f} ms  p95 {p95:7.2f} ms  {per_second:7.1f}/s"
                    f"  {p50 / least:5.1f} x the least  processor"
                    f" {spent_ms / (len(taken) + WARM_UP * clients):6.2f} ms  ({len(taken)} answers)"
                )
                missed |= _misses(case.name, clients, p50, per_second)
        noted = AuditEvent.objects.count() - noted
        broken = audit.verify()
    finally:
        server.terminate()
        server.wait(30)
    print(
        f"{asked} reads and saves, {noted} audit events, chain {'whole' if broken is None else f'BROKEN at {broken}'}"
    )
    return int(missed or noted < asked or broken is not None)


def _misses(name: str, clients: int, p50: float, per_second: float) -> bool:
    aims = []
    if name == "patient read, JSON" and clients == 1:
        aims.append((f"read p50 <= {READ_AIM_MS:g} ms", p50 <= READ_AIM_MS))
    if name == "patient read, JSON" and clients == CLIENTS[-1]:
        aims.append((f"reads >= {READ_AIM_PER_S:g}/s", per_second >= READ_AIM_PER_S))
    if name == "session save" and clients == 1:
        aims.append((f"save p50 <= {SAVE_AIM_MS:g} ms", p50 <= SAVE_AIM_MS))
    for words, met in aims:
        print(f"{'':10} aim {words}: {'met' if met else 'MISSED'}")
    return not all(met for _, met in aims)


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with tempfile.TemporaryDirectory() as folder:
        # as a clinic would run it: no debugging, a key for the audit chain, one for the sessions
        os.environ |= {
            "VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "openmeso.config.settings",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "AUDIT_KEY": secrets.token_urlsafe(32),
            "LOG_LEVEL": "WARNING",
        }
        os.environ.pop("DEBUG", None)
        return measure(seconds)


if __name__ == "__main__":
    sys.exit(main())
