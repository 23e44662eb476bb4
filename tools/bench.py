#!/usr/bin/env python3
"""What ./bench runs: a table, and with --json FILE the same as a list of
{name, value, unit, peer, peer_value, ratio, goal}. A name may be a group: "page", "ocsp".

`ratio` is value by peer_value. `goal` is of the ratio (at least) where the unit says "per second",
of the value (at most) elsewhere. Every data folder is made here, by `antin init` and `antin seed`,
in a temporary folder that goes away.
"""
import argparse
import atexit
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = ("page.queue.p99", "page.dossier300.p99", "page.lookup.p99")
NAMES = [*PAGES, *(f"{name}.10k" for name in PAGES), "rows.check300.p99", "issuance.p256",
         "issuance.rsa3072", "ocsp.presigned", "ocsp.static", "start.ready", "idle.rss"]
ROUND_SECONDS_MAX = 90
PAGE_GOAL_MS, CHECK_GOAL_MS, READY_GOAL_MS, IDLE_GOAL_MB = 25, 300, 500, 80
OURSELVES = ssl.create_default_context()
OURSELVES.check_hostname = False
OURSELVES.verify_mode = ssl.CERT_NONE  # our own loopback server, its certificate is its own


class Scale:
    """How much is measured. `tiny` is for the tests: the shape counts there, not the figures."""

    def __init__(self, tiny):
        self.dossiers = {"": 120, ".10k": 60} if tiny else {"": 100_000, ".10k": 10_000}
        self.requests = 40 if tiny else 2_000
        self.rounds = 1 if tiny else 3  # the median counts: machines are noisy
        self.warm_up_s = 1 if tiny else 2
        self.checks = 2 if tiny else 30
        self.starts = 1 if tiny else 7
        self.words = ["tiny"] if tiny else []


def fail(sentence):
    sys.exit(f"bench: {sentence}")


def measure(name, value, unit, peer, peer_value, goal):
    return {"name": name, "value": round(value, 2), "unit": unit, "peer": peer,
            "peer_value": round(peer_value, 2), "ratio": round(value / peer_value, 3),
            "goal": goal}


def p99(values):
    return statistics.quantiles(values, n=100, method="inclusive")[98]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def temporary_folder():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="antin-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def rss_mb(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) / 1024


class Served:
    """A program that answers HTTPS on a port of its own until stop()."""

    def __init__(self):
        self.port, self.process = free_port(), None
        atexit.register(self.stop)

    def start(self, command, path="/"):
        """Milliseconds until it answers 200 at `path`."""
        begun = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        while time.monotonic() < begun + 60:
            try:
                if self.get(path)[0] == 200:
                    return (time.monotonic() - begun) * 1000
            except (OSError, http.client.HTTPException):
                pass
            if self.process.poll() is not None:
                fail(f"{command[0]} ended by itself with {self.process.returncode}")
            time.sleep(0.002)
        return fail(f"{command[0]} did not become ready")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=10)
        self.process = None

    def url(self, path):
        return f"https://127.0.0.1:{self.port}{path}"

    def get(self, path, cookie=""):
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30,
                                                 context=OURSELVES)
        try:
            connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


class Installation(Served):
    """A data folder of this run, copied from one that `antin init` made, and its server."""

    fresh = None  # made once: keys take a while

    def __init__(self, antin):
        super().__init__()
        self.antin, self.http_port = antin, free_port()
        if Installation.fresh is None:
            Installation.fresh = temporary_folder() / "data"
            self.run("init", "--yes", data=Installation.fresh)
        self.data = temporary_folder() / "data"
        shutil.copytree(Installation.fresh, self.data)

    def run(self, command, *arguments, data=None):
        done = subprocess.run([self.antin, command, "--data", data or self.data, *arguments],
                              text=True, capture_output=True, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            fail(f"antin {command} failed: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def serve(self):
        return self.start([self.antin, "serve", "--data", self.data, "--port", str(self.port),
                           "--http-port", str(self.http_port)], "/readyz")

    def ocsp(self):
        """Any request makes the responder answer; a malformed one is answered too."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=30)
        connection.request("POST", "/ocsp", b"0\x00",
                           {"Content-Type": "application/ocsp-request"})
        connection.getresponse().read()
        connection.close()


class Peer(Served):
    """Node's own HTTPS server with one page in memory, and our server's TLS certificate."""

    name = "node https, these bytes from memory"

    def __init__(self, tls, body):
        super().__init__()
        file = temporary_folder() / "body"
        file.write_bytes(body)
        self.command = ["node", ROOT / "tools/bench_peer.mjs", str(self.port), tls, file]

    def serve(self):
        return self.start(self.command)


def wrk(served, path, cookie, seconds):
    """Requests answered and the 99th percentile of their time in milliseconds."""
    command = ["wrk", "-t1", "-c4", f"-d{seconds}s", "--latency"]
    if cookie:
        command += ["-H", f"Cookie: {cookie}"]
    said = subprocess.run([*command, served.url(path)], text=True, capture_output=True,
                          check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        fail(f"{path} was not answered with 200: {said}")
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", said).groups()
    return (int(re.search(r"(\d+) requests in", said).group(1)),
            float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit])


def page_p99(scale, served, path, cookie=""):
    """The median of some rounds, each long enough for the requests wanted."""
    warm = max(1, wrk(served, path, cookie, scale.warm_up_s)[0])
    seconds = max(1, round(1.2 * scale.warm_up_s * scale.requests / warm))
    rounds = []
    while len(rounds) < scale.rounds:
        if seconds > ROUND_SECONDS_MAX:
            fail(f"{path} is too slow for {scale.requests} requests in {ROUND_SECONDS_MAX} s")
        count, value = wrk(served, path, cookie, seconds)
        if count < scale.requests:
            seconds += 1 + seconds // 2
        else:
            rounds.append(value)
    return statistics.median(rounds)


def pages(scale, antin, wanted, suffix):
    names = [name for name in PAGES if f"{name}{suffix}" in wanted]
    if not names:
        return []
    installation = Installation(antin)
    seeded = json.loads(installation.run("seed", "--dossiers", str(scale.dossiers[suffix]),
                                         "--json"))
    installation.serve()
    cookie = f"__Host-antin={seeded['officer_cookie']}"
    lookup = seeded["lookup"]
    asked = {"page.queue.p99": ("/hang-cho", cookie),
             "page.dossier300.p99": (f"/xu-ly/{seeded['dossier300']}", cookie),
             "page.lookup.p99": (f"/tra-cuu?ma={lookup['code']}&kt={lookup['check']}", "")}
    out = []
    for name in names:
        path, with_cookie = asked[name]
        status, body = installation.get(path, with_cookie)
        if status != 200:
            fail(f"{path} was answered with {status}")
        value = page_p99(scale, installation, path, with_cookie)
        peer = Peer(installation.data / "tls", body)
        peer.serve()
        out.append(measure(name + suffix, value, "ms", Peer.name, page_p99(scale, peer, "/"),
                           PAGE_GOAL_MS))
        peer.stop()
    installation.stop()
    return out


OPENPYXL = "import openpyxl, sys; " \
    "print(sum(1 for _ in openpyxl.load_workbook(sys.argv[1], read_only=True).active.iter_rows()))"


def sheet_of_300(path):
    import openpyxl  # pylint: disable=import-outside-toplevel
    book = openpyxl.Workbook()
    book.active.append(["STT", "Họ và tên", "Ngày sinh", "Số định danh cá nhân", "Ngày cấp",
                        "Nơi cấp", "Thư điện tử công vụ", "Tên cơ quan công tác",
                        "Tỉnh/Thành phố", "Chức vụ", "Số điện thoại di động"])
    for i in range(300):
        book.active.append([i + 1, f"Người Thử {i}", f"1{i % 9}/06/198{i % 10}",
                            f"09908{i % 10}{i:06d}", "21/06/2021", "Cơ quan cấp",
                            f"nguoi.{i}@do-tai.gov.vn", "Cơ quan đo", "Lai Châu", "Chuyên viên",
                            f"09{i:08d}"])
    book.save(path)


def rows_check(scale, antin):
    """A whole process each time, on both sides: starting is part of the figure."""
    sheet = temporary_folder() / "300.xlsx"
    sheet_of_300(sheet)
    ours, peers = [], []
    for _ in range(scale.checks):
        begun = time.monotonic()
        done = subprocess.run([antin, "rows", "check", "--form", "01", sheet],
                              capture_output=True, check=False)
        ours.append((time.monotonic() - begun) * 1000)
        if len(json.loads(done.stdout)["rows"]) != 300:
            fail("rows check did not read 300 rows")
        begun = time.monotonic()
        done = subprocess.run([sys.executable, "-c", OPENPYXL, sheet], capture_output=True,
                              check=True)
        peers.append((time.monotonic() - begun) * 1000)
        if int(done.stdout) != 301:
            fail("openpyxl did not read 301 rows")
    return [measure("rows.check300.p99", p99(ours), "ms", "openpyxl reads it, checks nothing",
                    p99(peers), CHECK_GOAL_MS)]


def starting(scale, antin, wanted):
    if not {"start.ready", "idle.rss"} & set(wanted):
        return []
    installation = Installation(antin)
    installation.serve()
    body = installation.get("/")[1]
    installation.stop()
    peer = Peer(installation.data / "tls", body)
    times = {installation: [], peer: []}
    for _ in range(scale.starts):
        for one, took in times.items():
            took.append(one.serve())
            one.stop()
    for one in times:
        one.serve()
        one.get("/")
    installation.ocsp()
    out = [measure("start.ready", statistics.median(times[installation]), "ms",
                   "node https with one page", statistics.median(times[peer]), READY_GOAL_MS),
           measure("idle.rss", rss_mb(installation.process.pid), "MB", "node https with one page",
                   rss_mb(peer.process.pid), IDLE_GOAL_MB)]
    for one in times:
        one.stop()
    return [one for one in out if one["name"] in wanted]


def program(scale, folder, group, wanted):
    """A measuring program of benchmarks/: one name a run, its measure as a line of JSON."""
    out = []
    for name in wanted:
        if not name.startswith(group + "."):
            continue
        path = folder / f"bench_{group}"
        if not path.exists():
            fail(f"{path} is not built")
        done = subprocess.run([path, name, *scale.words], text=True, capture_output=True,
                              check=False)
        if done.returncode != 0:
            fail(f"{name} failed: {done.stderr.strip()}")
        out += json.loads(done.stdout.splitlines()[-1])
    return out


def show(measures):
    print(f"{'name':24} {'value':>10} {'unit':15} {'peer':42} {'peer value':>10} {'ratio':>9} "
          f"{'goal':>6}")
    for m in measures:
        print(f"{m['name']:24} {m['value']:>10} {m['unit']:15} {m['peer']:42} "
              f"{m['peer_value']:>10} {m['ratio']:>9} {m['goal']:>6}")


def arguments():
    parser = argparse.ArgumentParser(prog="bench", description="measures against real peers")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--tiny", action="store_true", help="for the tests: no figures to rely on")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release",
                        help="the build folder")
    return parser.parse_args()


def main():
    options = arguments()
    unknown = [one for one in options.names
               if not any(name == one or name.startswith(one + ".") for name in NAMES)]
    if unknown:
        print(f"bench: no name {unknown[0]}; there are " + ", ".join(NAMES), file=sys.stderr)
        return 2
    wanted = [name for name in NAMES if not options.names or
              any(name == one or name.startswith(one + ".") for one in options.names)]
    scale, antin = Scale(options.tiny), options.build / "apps/antin/antin"
    measures = pages(scale, antin, wanted, "") + pages(scale, antin, wanted, ".10k")
    if "rows.check300.p99" in wanted:
        measures += rows_check(scale, antin)
    for group in ("issuance", "ocsp"):
        measures += program(scale, options.build / "benchmarks", group, wanted)
    measures += starting(scale, antin, wanted)
    show(measures)
    if options.json:
        file = pathlib.Path(os.environ.get("BENCH_FROM", ROOT)) / options.json
        file.write_text(json.dumps(measures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
