"""Every row of the outward contracts that a script relies on: names, answers, exit codes."""
import json
import os
import re
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import urllib.error
import urllib.request
import warnings

from antin import BINARY, ROOT, Answer, Contract

# Public servants' calendar of 2026, 24 November worked: received, working days, due day.
CLOCK = [("2026-02-12", 3, "2026-02-24"), ("2026-04-24", 3, "2026-05-04"),
         ("2026-04-29", 1, "2026-05-04"), ("2026-08-20", 3, "2026-08-24"),
         ("2026-08-28", 3, "2026-09-07"), ("2026-11-20", 3, "2026-11-25")]


class Clock(Contract):
    def test_the_vectors_of_2026(self):
        for received, days, due in CLOCK:
            for time in ("T08:00:00+07:00", "T23:59:59+07:00"):
                answer = self.run_antin("clock", "due", "--received", received + time,
                                        "--working-days", days)
                self.assertEqual(answer.exit, 0, answer.said)
                self.assertEqual(answer.json, {"due": due + "T17:00:00+07:00",
                                               "calendar": "2026.1"})

    def test_another_zone_is_read_and_answered_in_ours(self):
        answer = self.run_antin("clock", "due", "--received", "2026-11-20T17:30:00Z",
                                "--working-days", 1, "--json")
        self.assertEqual(answer.json["due"], "2026-11-23T17:00:00+07:00")

    def test_hours_are_clock_hours_day_and_night(self):
        answer = self.run_antin("clock", "due", "--received", "2026-02-16T22:30:00+07:00",
                                "--hours", 12)
        self.assertEqual(answer.json["due"], "2026-02-17T10:30:00+07:00")

    def test_a_year_without_calendar_is_not_guessed(self):
        answer = self.run_antin("clock", "due", "--received", "2031-03-03T09:00:00+07:00",
                                "--working-days", 3)
        self.assertEqual((answer.exit, answer.out), (3, ""))
        self.assertIn("2031", answer.said)

    def test_wrong_use(self):
        for arguments in (["--received", "2026-11-20", "--working-days", "3"],
                          ["--received", "2026-11-20T09:00:00", "--working-days", "3"],
                          ["--received", "20/11/2026", "--hours", "3"],
                          ["--received", "2026-11-20T09:00:00+07:00"],
                          ["--received", "2026-11-20T09:00:00+07:00", "--hours", "1",
                           "--working-days", "1"],
                          ["--received", "2026-11-20T09:00:00+07:00", "--working-days", "0"],
                          ["--received", "2026-11-20T09:00:00+07:00", "--working-days", "ba"],
                          ["--working-days", "3"]):
            answer = self.run_antin("clock", "due", *arguments)
            self.assertEqual((answer.exit, answer.out), (2, ""), arguments)
            self.assertEqual(answer.said.count("\n"), 1, answer.said)


class Names(Contract):
    def test_commands_of_later_versions_say_so(self):
        for arguments in (["demo", "requests", "--out", "x"],
                          ["x509", "verify", "--trust", "a.pem", "b.pem"]):
            answer = self.run_antin(*arguments)
            self.assertEqual((answer.exit, answer.out), (2, ""), arguments)
            self.assertEqual(answer.said.count("\n"), 1, answer.said)

    def test_every_command_has_help_and_no_option_takes_a_secret(self):
        def walk(words):
            answer = self.run_antin(*words, "--help")
            self.assertEqual(answer.exit, 0, words)
            for option in re.findall(r"--[a-z-]+", answer.out):
                if re.search(r"pin|password|secret|passphrase", option):
                    self.assertRegex(option, r"-file$|^--reset-password$", words)
            part = answer.out.partition("Subcommands:")[2]
            for name in re.findall(r"^  ([a-z0-9-]+) ", part, re.M):
                walk([*words, name])
        walk([])

    def test_nothing_and_nonsense_are_wrong_use(self):
        for arguments in ([], ["nonsense"], ["ca"], ["user"], ["audit"], ["serve", "--prot", "1"],
                          ["serve", "--port", "port"], ["backup"], ["restore"], ["demo"]):
            answer = self.run_antin(*arguments)
            self.assertEqual((answer.exit, answer.out), (2, ""), arguments)

    def test_version(self):
        self.assertRegex(self.run_antin("--version").out, r"^\d+\.\d+")


class Scripts(Contract):
    def run_script(self, path, *arguments):
        return Answer(subprocess.run([path, *arguments], cwd=self.folder, stdin=subprocess.DEVNULL,
                                     capture_output=True, timeout=60, check=False))

    def test_start_explains_itself(self):
        answer = self.run_script(ROOT / "start", "--help")
        self.assertEqual(answer.exit, 0)
        for option in ("--port", "--http-port", "--data", "--prepare"):
            self.assertIn(option, answer.out)

    def test_start_refuses_what_is_no_port_before_it_installs_anything(self):
        for arguments in (["--port", "99999"], ["--port=x"], ["--http-port", "-1"], ["--port"],
                          ["--data"], ["--data", ""]):
            answer = self.run_script(ROOT / "start", *arguments)
            self.assertEqual((answer.exit, answer.out), (2, ""), arguments)
            self.assertEqual(answer.said.count("\n"), 1, answer.said)

    def test_antin_says_what_to_do_where_nothing_is_built(self):
        shutil.copy(ROOT / "antin", self.folder / "antin")
        answer = self.run_script(self.folder / "antin", "check")
        self.assertEqual(answer.exit, 3)
        self.assertIn("./start --prepare", answer.said)


class Installation(Contract):
    """One installation, made once, as a script would make it: by the environment's twins."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data = cls.folder / "cơ sở"
        cls.made = cls.run_antin("init", "--yes", "--json", ANTIN_DATA=str(cls.data),
                                 ANTIN_PORT="0", ANTIN_HTTP_PORT="0")

    def on(self, *arguments, **environment):
        return self.run_antin(*arguments, ANTIN_DATA=str(self.data), **environment)

    def test_init_prints_one_document_and_exits_0(self):
        self.assertEqual(self.made.exit, 0, self.made.said)
        for key in ("data", "bodies", "accounts", "authorities", "root_pin", "tls_sha256"):
            self.assertIn(key, self.made.json)
        self.assertEqual(self.made.json["bodies"], 114)
        accounts = self.data / "first-accounts.txt"
        self.assertEqual(stat.S_IMODE(accounts.stat().st_mode), 0o600)
        for account in self.made.json["accounts"]:
            self.assertIn(account["password"], accounts.read_text(encoding="utf-8"))

    def test_init_again_is_a_no(self):
        self.assertEqual(self.on("init", "--yes").exit, 1)

    def test_what_prints_prints_json_when_asked(self):
        person = ["--email", "them@antin.invalid"]
        commands = [["check"], ["ca", "status"], ["ca", "publish"], ["ca", "check-certificates"],
                    ["audit", "verify"], ["user", "list"],
                    ["user", "add", *person, "--name", "Người Thêm", "--role", "auditor"],
                    ["user", "reset-password", *person],
                    ["backup", "--to", self.folder / "copy"],
                    ["restore", "--from", self.folder / "copy", "--data", self.folder / "back"]]
        for command in commands:
            answer = self.on(*command, "--json")
            self.assertEqual(answer.exit, 0, (command, answer.said))
            self.assertIsInstance(answer.json, (dict, list))
        self.assertEqual(self.on("check").exit, 0)
        answer = self.run_antin("ca", "status", "--json", "--data", self.folder / "back")
        self.assertEqual(answer.exit, 1)  # fenced until people have looked
        self.assertTrue(answer.json["fenced"])

    def test_seed_takes_a_folder_for_itself(self):
        copy = self.folder / "seeded"
        subprocess.run(["cp", "-a", self.data, copy], check=True)
        answer = self.run_antin("seed", "--dossiers", 5, "--json", "--data", copy)
        self.assertEqual((answer.exit, answer.json["dossiers"]), (0, 5), answer.said)

    def test_the_clock_takes_the_installations_calendar(self):
        for received, days, due in CLOCK:
            answer = self.on("clock", "due", "--received", received + "T10:00:00+07:00",
                             "--working-days", days)
            self.assertEqual(answer.json["due"], due + "T17:00:00+07:00", answer.said)

    def test_an_unknown_setting_is_refused_by_name_by_every_command(self):
        broken = self.folder / "broken"
        broken.mkdir()
        settings = (self.data / "antin.toml").read_text(encoding="utf-8")
        (broken / "antin.toml").write_text(settings + "\n[mail2]\nserver = \"x\"\n")
        for command in (["serve"], ["check"], ["user", "list"], ["ca", "status"],
                        ["audit", "verify"], ["backup", "--to", "z"],
                        ["clock", "due", "--received", "2026-11-20T09:00:00Z", "--hours", "1"]):
            answer = self.run_antin(*command, "--data", broken)
            self.assertNotEqual(answer.exit, 0)
            self.assertIn("mail2.server", answer.said + answer.out, command)

    def test_no_installation_is_said_with_what_to_do(self):
        for command in (["serve"], ["user", "list"], ["ca", "status"], ["audit", "verify"],
                        ["backup", "--to", "z"], ["seed"]):
            answer = self.run_antin(*command, "--data", self.folder / "nothing")
            self.assertIn(answer.exit, (1, 3), command)
            self.assertIn("antin init", answer.said, command)

    def test_x509_lint(self):
        chain = self.data / "public"
        certificates = sorted(chain.rglob("*.crt")) + sorted(chain.rglob("*.pem"))
        self.assertTrue(certificates)
        for path in certificates:
            answer = self.run_antin("x509", "lint", path, "--json")
            self.assertEqual(answer.exit, 0, (path, answer.out))
            self.assertEqual(answer.json["departures"], [])
        foreign = self.folder / "foreign.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-subj",
                        "/CN=x", "-keyout", "/dev/null", "-out", foreign], check=True,
                       capture_output=True)
        answer = self.run_antin("x509", "lint", foreign)
        self.assertEqual(answer.exit, 1)
        self.assertTrue(answer.json["departures"])
        self.assertEqual(self.run_antin("x509", "lint", self.folder / "none.pem").exit, 3)
        (self.folder / "text.pem").write_text("no certificate")
        self.assertIn(self.run_antin("x509", "lint", self.folder / "text.pem").exit, (1, 2))


class Served(Contract):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        data = cls.folder / "data"
        cls.run_antin("init", "--yes", "--data", data, "--port", 0, "--http-port", 0)
        env = dict(os.environ, ANTIN_DATA=str(data), ANTIN_PORT="0", ANTIN_HTTP_PORT="0",
                   LANG="en_US.UTF-8", LANGUAGE="en")
        cls.server = subprocess.Popen([BINARY, "serve"], cwd=cls.folder, env=env,
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL)
        said = ""
        while "TLS SHA-256" not in said:
            line = cls.server.stdout.readline().decode()
            if not line:
                raise RuntimeError("serve ended: " + said)
            said += line
        cls.portal = re.search(r"https://127\.0\.0\.1:\d+", said)[0]
        cls.plain = re.search(r"http://127\.0\.0\.1:\d+", said)[0]

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()
        cls.server.wait()
        cls.server.stdout.close()
        super().tearDownClass()

    def ask(self, address, method="GET", body=None, **headers):
        trust_all = ssl.create_default_context()
        trust_all.check_hostname, trust_all.verify_mode = False, ssl.CERT_NONE

        class NoRedirect(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_):
                return None
        opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trust_all),
                                             NoRedirect, urllib.request.ProxyHandler({}))
        request = urllib.request.Request(address, data=body, method=method, headers={
            name.replace("_", "-"): value for name, value in headers.items()})
        try:
            with opener.open(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read().decode(errors="replace")

    def test_life_and_readiness_on_both_ports(self):
        for start in (self.portal, self.plain):
            for path in ("/livez", "/readyz"):
                self.assertEqual(self.ask(start + path)[0], 200, start + path)

    def test_the_first_page_is_vietnamese_whatever_the_browser_wants(self):
        for language in ("en", "fr-FR,en;q=0.5", "*", ""):
            status, headers, page = self.ask(self.portal + "/", Accept_Language=language)
            self.assertEqual(status, 200)
            self.assertIn('<html lang="vi"', page)
            self.assertIn("chứng thư chữ ký số chuyên dùng công vụ", page)
            self.assertIn("text/html", headers["Content-Type"])

    def test_figures_for_machines_are_on_the_plain_port_only(self):
        status, headers, text = self.ask(self.plain + "/metrics")
        self.assertEqual(status, 200)
        self.assertTrue(headers["Content-Type"].startswith("text/plain"))
        for line in text.splitlines():
            self.assertRegex(line, r"^(# (HELP|TYPE) [a-z_:]+ .+|[a-z_:]+(\{[^}]*\})? [-+.\deE]+)$")
        self.assertEqual(self.ask(self.portal + "/metrics")[0], 404)

    def test_the_plain_port_has_no_page_and_the_portal_no_status_service(self):
        for path in ("/", "/dang-nhap", "/tai-nguyen/x/y.css", "/tsa"):
            self.assertEqual(self.ask(self.plain + path)[0], 404, path)
        # 403: a post without the token of a page, wherever it goes.
        self.assertEqual(self.ask(self.portal + "/ocsp", "POST", b"x")[0], 403)
        self.assertEqual(self.ask(self.portal + "/ocsp")[0], 404)

    def test_pages_carry_their_headers_and_assets_their_hash(self):
        _, headers, page = self.ask(self.portal + "/")
        policy = headers["Content-Security-Policy"]
        self.assertIn("frame-ancestors 'none'", policy)
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)
        self.assertRegex(headers["Strict-Transport-Security"], r"max-age=\d{7,}")
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(headers["Referrer-Policy"], "same-origin")
        self.assertEqual(headers["Cache-Control"], "no-store")
        for cookie in headers.get_all("Set-Cookie", []):
            self.assertRegex(cookie, r"^__Host-.*Path=/; HttpOnly; SameSite=Lax; Secure")
        assets = set(re.findall(r'(?:href|src)="(/tai-nguyen/[^"]+)"', page))
        self.assertTrue(any(path.endswith(".css") for path in assets), assets)
        for path in assets:
            status, headers, _ = self.ask(self.portal + path, Accept_Encoding="gzip")
            self.assertEqual(status, 200, path)
            self.assertIn("immutable", headers["Cache-Control"], path)
            if path.endswith((".css", ".js", ".svg")):
                self.assertEqual(headers["Content-Encoding"], "gzip", path)
        style = next(path for path in assets if path.endswith(".css")).rsplit("/", 1)[1]
        self.assertEqual(self.ask(self.portal + "/tai-nguyen/cu/" + style)[1]["Cache-Control"],
                         "no-cache")
        for path in ("/tai-nguyen/x/..%2f..%2fantin.toml", "/tai-nguyen/x/%2e%2e/secrets/vault.key",
                     "/tai-nguyen/", "/tai-nguyen/x/", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd"):
            self.assertEqual(self.ask(self.portal + path)[0], 404, path)

    def handshake(self, highest):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, highest
        with socket.create_connection(("127.0.0.1", int(self.portal.rsplit(":", 1)[1])), 30) as raw:
            with context.wrap_socket(raw) as line:
                return line.version()

    def test_tls_of_today_only(self):
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.handshake(ssl.TLSVersion.TLSv1_1)
        self.assertEqual(self.handshake(ssl.TLSVersion.TLSv1_2), "TLSv1.2")
        self.assertEqual(self.handshake(ssl.TLSVersion.TLSv1_3), "TLSv1.3")

    def raw(self, address, sent):
        with socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])), 30) as line:
            if address.startswith("https"):
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
                line = context.wrap_socket(line)
            line.sendall(sent)
            answer = b""
            while chunk := line.recv(65536):
                answer += chunk
            line.close()
            return answer

    def test_floods_and_nonsense_are_answered_and_the_next_user_notices_nothing(self):
        for address in (self.portal, self.plain):
            for sent, status in (
                    (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 10000 + b"\r\n", b"431"),
                    (b"GET /" + b"a" * 40000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"431"),
                    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000000\r\n\r\n",
                     b"413"),
                    (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                     b"fffffff0\r\n", b"413"),
                    (b"\x16\x03\x01 not a greeting\r\n\r\n", b"400")):
                self.assertEqual(self.raw(address, sent)[:12], b"HTTP/1.1 " + status, sent[:40])
            self.assertEqual(self.ask(address + "/livez")[0], 200)

    def test_status_services(self):
        data = self.folder / "data"
        names = [path.name for path in (data / "public").rglob("*") if path.is_file()]
        for name in names:
            kind = "crl" if name.endswith(".crl") else "aia"
            self.assertEqual(self.ask(f"{self.plain}/{kind}/{name}")[0], 200, name)
        for path in ("/crl/none.crl", "/aia/none.crt", "/crl/..%2f..%2fantin.toml",
                     "/aia/../secrets/token.pin", "/crl/"):
            self.assertEqual(self.ask(self.plain + path)[0], 404, path)
        self.assertIn(self.ask(self.plain + "/ocsp", "POST", b"no request")[0], (200, 400))

    def test_z_sigterm_ends_it_in_5_seconds_and_it_starts_again(self):
        self.server.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.wait(timeout=5), 0)
        check = self.run_antin("check", "--json", ANTIN_DATA=str(self.folder / "data"))
        self.assertTrue(json.loads(check.out)["ok"], check.out)
