#!/usr/bin/env python3
"""What ./bench runs: a table, and with --json FILE the same as a list of
{name, value, unit, peer, peer_value, ratio, goal}. A name may be a group: "page", "ocsp".

Pages: HTTPS, keep-alive, 4 connections, at least 2,000 requests after warm-up; their peer is
/livez of the same server, an answer without database or template. Every data folder is made here,
by `antin init` and `antin seed`, in a temporary folder that goes away.
"""
import argparse
import atexit
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
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "release"
ANTIN = BUILD / "apps" / "antin" / "antin"
PAGES = ("page.queue.p99", "page.dossier300.p99", "page.lookup.p99")
NAMES = [*PAGES, *(f"{name}.10k" for name in PAGES), "rows.check300.p99", "issuance.p256",
         "issuance.rsa3072", "ocsp.presigned", "ocsp.static", "start.ready", "idle.rss"]
REQUESTS_MIN = 2000


def measure(name, value, unit, peer="", peer_value=None, goal=None, ratio=None):
    if ratio is None and peer_value:
        ratio = value / peer_value
    return {"name": name, "value": round(value, 2), "unit": unit, "peer": peer,
            "peer_value": None if peer_value is None else round(peer_value, 2),
            "ratio": None if ratio is None else round(ratio, 3), "goal": goal}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Installation:
    """A data folder of this run, and the server on it."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="antin-bench-"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.data = self.folder / "data"
        self.port, self.http_port = free_port(), free_port()
        self.server = None
        self.run("init", "--port", str(self.port), "--http-port", str(self.http_port))

    def run(self, command, *arguments):
        done = subprocess.run([ANTIN, command, "--data", self.data, *arguments], text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            sys.exit(f"bench: antin {command} failed: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def start(self):
        """Milliseconds until the portal is ready."""
        begun = time.monotonic()
        self.server = subprocess.Popen(
            [ANTIN, "serve", "--data", self.data, "--port", str(self.port), "--http-port",
             str(self.http_port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        atexit.register(self.stop)
        while time.monotonic() < begun + 30:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}/readyz",
                                            timeout=1) as answer:
                    if answer.status == 200:
                        return (time.monotonic() - begun) * 1000
            except OSError:
                time.sleep(0.005)
        sys.exit("bench: the server did not become ready")

    def stop(self):
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(timeout=10)
        self.server = None

    def url(self, path):
        return f"https://127.0.0.1:{self.port}{path}"

    def get(self, path, cookie=""):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # our own loopback server, its certificate is its own
        request = urllib.request.Request(self.url(path), headers={"Cookie": cookie})
        with urllib.request.urlopen(request, context=context, timeout=30) as answer:
            return answer.status, answer.read()

    def rss_mb(self):
        status = pathlib.Path(f"/proc/{self.server.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) / 1024


def wrk_p99(installation, path, cookie):
    """Milliseconds; runs until there were enough requests."""
    for seconds in (4, 12, 40):
        command = ["wrk", "-t2", "-c4", f"-d{seconds}s", "--latency"]
        if cookie:
            command += ["-H", f"Cookie: {cookie}"]
        said = subprocess.run([*command, installation.url(path)], text=True, capture_output=True,
                              check=True).stdout
        if "Non-2xx" in said:
            sys.exit(f"bench: {path} did not answer 200")
        if int(re.search(r"(\d+) requests in", said).group(1)) >= REQUESTS_MIN:
            break
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", said).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def pages(wanted, dossiers, suffix):
    names = [name for name in PAGES if f"{name}{suffix}" in wanted]
    if not names:
        return []
    installation = Installation()
    seeded = json.loads(installation.run("seed", "--dossiers", str(dossiers), "--json"))
    installation.start()
    cookie = f"__Host-antin={seeded['officer_cookie']}"
    lookup = seeded["lookup"]
    paths = {"page.queue.p99": ("/hang-cho", cookie),
             "page.dossier300.p99": (f"/xu-ly/{seeded['dossier300']}", cookie),
             "page.lookup.p99": (f"/tra-cuu?ma={lookup['code']}&kt={lookup['check']}", "")}
    floor = wrk_p99(installation, "/livez", "")
    out = []
    for name in names:
        path, with_cookie = paths[name]
        for _ in range(50):
            installation.get(path, with_cookie)
        out.append(measure(name + suffix, wrk_p99(installation, path, with_cookie), "ms",
                           "/livez, same server", floor, goal=None if suffix else 25))
    installation.stop()
    return out


def sheet_of_300():
    rows = ["Họ và tên;Ngày sinh;Số định danh cá nhân;Ngày cấp;Nơi cấp;Thư điện tử công vụ;"
            "Tên cơ quan công tác;Tỉnh/Thành phố;Chức vụ;Số điện thoại di động"]
    for i in range(300):
        rows.append(f"Người Thử {i};1{i % 9}/06/198{i % 10};0{10000000000 + i:011d};21/06/2021;"
                    f"Cơ quan cấp;nguoi.{i}@laichau.gov.vn;Cơ quan đo;Lai Châu;Chuyên viên;"
                    f"09{i:08d}")
    return "\ufeff" + "\n".join(rows) + "\n"


def rows_check():
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", delete=False) as file:
        file.write(sheet_of_300())
    atexit.register(os.unlink, file.name)
    took = []
    for _ in range(30):  # a whole process each time: starting is part of the figure
        begun = time.monotonic()
        done = subprocess.run([ANTIN, "rows", "check", "--form", "01", file.name],
                              capture_output=True, check=False)
        took.append((time.monotonic() - begun) * 1000)
        if len(json.loads(done.stdout)["rows"]) != 300:
            sys.exit("bench: rows check did not read 300 rows")
    empty = []
    for _ in range(30):
        begun = time.monotonic()
        subprocess.run([ANTIN, "--help"], capture_output=True, check=False)
        empty.append((time.monotonic() - begun) * 1000)
    p99 = statistics.quantiles(took, n=100, method="inclusive")[98]
    return [measure("rows.check300.p99", p99, "ms", "the program's bare start",
                    statistics.median(empty), goal=300)]


def starting(wanted):
    if not {"start.ready", "idle.rss"} & set(wanted):
        return []
    installation = Installation()
    times = []
    for _ in range(5):
        times.append(installation.start())
        installation.stop()
    installation.start()
    installation.get("/")
    answer_ocsp_once(installation)
    out = []
    if "start.ready" in wanted:
        out.append(measure("start.ready", statistics.median(times), "ms", goal=500))
    if "idle.rss" in wanted:
        out.append(measure("idle.rss", installation.rss_mb(), "MB", goal=80))
    installation.stop()
    return out


def answer_ocsp_once(installation):
    """Any request makes the responder answer; a malformed one is answered too."""
    request = urllib.request.Request(f"http://127.0.0.1:{installation.http_port}/ocsp",
                                     data=b"0\x00",
                                     headers={"Content-Type": "application/ocsp-request"})
    try:
        urllib.request.urlopen(request, timeout=5).read()
    except OSError:
        pass


def program(name, wanted):
    """A measuring program of benchmarks/ that prints its own JSON."""
    names = [one for one in wanted if one.startswith(name + ".")]
    path = next(iter(BUILD.glob(f"**/bench_{name}")), None)
    if not names or path is None:
        return [] if not names else [measure(one, 0, "missing") for one in names]
    out = []
    done = subprocess.run([path], text=True, capture_output=True, check=True)
    for line in done.stdout.splitlines():
        if line.startswith("["):
            out += json.loads(line)
    return [one for one in out if one["name"] in names]


def show(measures):
    print(f"{'name':26} {'value':>12} {'unit':8} {'peer':32} {'peer value':>12} {'ratio':>8} "
          f"{'goal':>8}")
    for m in measures:
        cells = ["" if m[key] is None else str(m[key]) for key in ("peer_value", "ratio", "goal")]
        print(f"{m['name']:26} {m['value']:>12} {m['unit']:8} {m['peer']:32} {cells[0]:>12} "
              f"{cells[1]:>8} {cells[2]:>8}")


def main():
    parser = argparse.ArgumentParser(prog="bench", description="measures against real peers")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    wanted = [name for name in NAMES if not options.names or
              any(name == one or name.startswith(one + ".") for one in options.names)]
    if not wanted:
        print("bench: no such name; there are " + ", ".join(NAMES), file=sys.stderr)
        return 2
    measures = pages(wanted, 10_000, ".10k") + pages(wanted, 100_000, "")
    if "rows.check300.p99" in wanted:
        measures += rows_check()
    measures += program("issuance", wanted) + program("ocsp", wanted) + starting(wanted)
    show(measures)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(measures, indent=1) + "\n",
                                              encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
