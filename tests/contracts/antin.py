"""Runs the binary as the author of a script would: arguments in, exit code and text out."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = os.environ.get("ANTIN_BINARY", str(ROOT / "build/asan/apps/antin/antin"))
TWINS = ("ANTIN_DATA", "ANTIN_PORT", "ANTIN_HTTP_PORT", "ANTIN_LISTEN")
# Memory of a process counts from the one that started it: a small one, not these tests.
LAUNCH = """import os, sys
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(pid, 0)
with open(sys.argv[1], "w") as out: out.write(str(used.ru_maxrss))
sys.exit(os.waitstatus_to_exitcode(status) % 256)
"""


class Answer:
    def __init__(self, done, memory_kb=0):
        self.exit, self.out = done.returncode, done.stdout.decode()
        self.said = done.stderr.decode(errors="replace")
        self.memory_mb = memory_kb / 1024

    @property
    def json(self):
        return json.loads(self.out)


class Contract(unittest.TestCase):
    """One folder a class, which is also the working directory: `./data` is not there."""

    @classmethod
    def setUpClass(cls):
        cls.folder_ = tempfile.TemporaryDirectory(prefix="antin-contract-")
        cls.folder = pathlib.Path(cls.folder_.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder_.cleanup()

    @classmethod
    def run_antin(cls, *arguments, **environment):
        env = {name: value for name, value in os.environ.items() if name not in TWINS}
        env.update(environment)
        return Answer(cls._run([BINARY, *map(str, arguments)], env))

    @classmethod
    def run_measured(cls, *arguments):
        """As run_antin(); the answer knows the most memory that was in use at once."""
        used = cls.folder / "memory"
        done = cls._run([sys.executable, "-S", "-c", LAUNCH, used, BINARY, *map(str, arguments)],
                        dict(os.environ, ASAN_OPTIONS="quarantine_size_mb=1"))
        return Answer(done, int(used.read_text(encoding="ascii")))

    @classmethod
    def _run(cls, command, env):
        return subprocess.run(command, cwd=cls.folder, env=env, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=300, check=False)
