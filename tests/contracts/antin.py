"""Runs the binary as the author of a script would: arguments in, exit code and text out."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = os.environ.get("ANTIN_BINARY", str(ROOT / "build/asan/apps/antin/antin"))
TWINS = ("ANTIN_DATA", "ANTIN_PORT", "ANTIN_HTTP_PORT", "ANTIN_LISTEN")


class Answer:
    def __init__(self, done):
        self.exit, self.out = done.returncode, done.stdout.decode()
        self.said = done.stderr.decode(errors="replace")

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
        return Answer(subprocess.run([BINARY, *map(str, arguments)], cwd=cls.folder, env=env,
                                     stdin=subprocess.DEVNULL, capture_output=True, timeout=300,
                                     check=False))
