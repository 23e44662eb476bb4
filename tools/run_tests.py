#!/usr/bin/env python3
"""Builds and runs the tests; ./test calls it after the packages are installed.

Every single case of every runner is counted; the last line is "N passed, N failed[, N skipped]".
Exit 0 all passed, 1 a case failed, 3 a stage before the tests failed (its name is printed).
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FAST_LEAVES_OUT = ("stories", "slow", "journeys")  # program names that --fast does not run
PROGRAM_SECONDS_MAX = 1500
# Their databases are of the engine that ANTIN_TEST_ENGINE names: they run once on each.
ON_BOTH_ENGINES = ("store_tests", "app_tests", "web_tests")


class Totals:
    def __init__(self):
        self.passed, self.skipped = 0, 0
        self.failures = []  # (name, detail)

    def add(self, other):
        self.passed += other.passed
        self.skipped += other.skipped
        self.failures += other.failures

    def line(self):
        text = f"{self.passed} passed, {len(self.failures)} failed"
        return text + (f", {self.skipped} skipped" if self.skipped else "")


def say(text):
    print(text, flush=True)


def stage(name, command, log=None, **options):
    """Runs a step that must succeed; says which one failed."""
    started = time.monotonic()
    with tempfile.NamedTemporaryFile("w+", errors="replace", suffix=".log") as output:
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output,
                              stderr=subprocess.STDOUT, check=False, **options)
        if done.returncode == 0:
            say(f"-- {name}: {time.monotonic() - started:.0f} s")
            return
        output.seek(0)
        lines = output.read().splitlines()
    wanted = [i for i, line in enumerate(lines) if re.search(r"error|FAILED|Error", line)]
    shown = lines[max(0, wanted[0] - 1):wanted[0] + 30] if wanted else lines[-40:]
    say("\n".join(shown))
    say(f"./test: the stage \"{name}\" failed")
    sys.exit(3)


def jobs():
    """One compiler needs up to 1 GB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // (1200 * 1024 * 1024)
    return str(max(1, min(len(os.sched_getaffinity(0)), memory)))


def build(preset, *targets):
    folder = ROOT / "build" / preset
    if not (folder / "build.ninja").exists():
        stage(f"configure {preset}", ["cmake", "--preset", preset])
    stage(f"build {preset}", ["ninja", "-C", str(folder), "-j", jobs(), *targets])
    return folder


def environment(extra=None):
    values = dict(os.environ)
    values.update(LC_ALL="C.UTF-8", GTEST_COLOR="no",
                  ASAN_OPTIONS=values.get("ASAN_OPTIONS", "") + ":abort_on_error=0",
                  UBSAN_OPTIONS="print_stacktrace=1",
                  LSAN_OPTIONS=f"suppressions={ROOT}/tests/lsan.supp:print_suppressions=0",
                  TSAN_OPTIONS="halt_on_error=0:second_deadlock_stack=1")
    values.update(extra or {})
    return values


# --- GoogleTest ---------------------------------------------------------------------------------

def listed_cases(program, env):
    listing = subprocess.run([program, "--gtest_list_tests"], capture_output=True, text=True,
                             env=env, check=False, errors="replace").stdout
    suite, cases = "", []
    for line in listing.splitlines():
        text = line.split("#")[0].rstrip()
        if not text:
            continue
        if not line.startswith(" "):
            suite = text.strip()
        else:
            cases.append(suite + text.strip())
    return cases


def wanted_filter(program, words, env):
    """None: all of it; "": nothing; else a --gtest_filter."""
    if not words or all(word.lower() in program.name.lower() for word in words):
        return None
    rest = [word.lower() for word in words if word.lower() not in program.name.lower()]
    chosen = [case for case in listed_cases(program, env)
              if all(word in case.lower() for word in rest)]
    return ":".join(chosen)


def google_result(label, answer, report, output):
    totals = Totals()
    cases = {}
    if report.exists():
        for suite in json.loads(report.read_text(encoding="utf-8", errors="replace"))["testsuites"]:
            for case in suite["testsuite"]:
                name = f"{label}: {suite['name']}.{case['name']}"
                if case.get("status") == "NOTRUN":
                    continue
                if case.get("failures"):
                    detail = "\n".join(one["failure"] for one in case["failures"])
                    totals.failures.append((name, detail))
                elif case.get("result") == "SKIPPED":
                    totals.skipped += 1
                else:
                    totals.passed += 1
                cases[name] = True
    else:  # it crashed: count what ended before
        totals.passed = len(re.findall(r"^\[       OK \]", output, re.M))
        for case in re.findall(r"^\[  FAILED  \] ([\w/]+\.[\w/]+)[^,]*\(\d+ ms\)", output, re.M):
            totals.failures.append((f"{label}: {case}", "see above"))
        running = re.findall(r"^\[ RUN      \] (\S+)", output, re.M)
        totals.failures.append((f"{label}: {running[-1] if running else 'start'}",
                                f"the program ended with {answer}\n" + output[-6000:]))
        return totals
    if answer != 0 and not totals.failures:
        totals.failures.append((f"{label}: end", f"exit {answer}\n" + output[-6000:]))
    return totals


def run_google(program, words, env, shard=None, engine=None):
    label = f"{program.name} on {engine}" if engine else program.name
    chosen = wanted_filter(program, words, env)
    if chosen == "":
        return label, Totals(), 0.0
    own = dict(env)
    if engine:
        own["ANTIN_TEST_ENGINE"] = engine
    if shard:
        own.update(GTEST_SHARD_INDEX=str(shard[0]), GTEST_TOTAL_SHARDS=str(shard[1]))
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="antin-test-") as folder:
        os.chmod(folder, 0o711)  # a PostgreSQL server of the tests runs as another user
        own["TMPDIR"] = folder
        report = pathlib.Path(folder) / "report.json"
        command = [str(program), f"--gtest_output=json:{report}"]
        if chosen:
            flags = pathlib.Path(folder) / "flags"
            flags.write_text(f"--gtest_filter={chosen}\n", encoding="utf-8")
            command.append(f"--gtest_flagfile={flags}")
        answer, output = run_bounded(command, own)
        totals = google_result(label, answer, report, output)
    seconds = time.monotonic() - started
    if totals.failures:
        say(f"   {label}: {totals.line()} ({seconds:.0f} s)")
    return label, totals, seconds


def run_bounded(command, env):
    """Exit code and output; the whole process group ends when the time is over."""
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        child = subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
                                 stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            answer = child.wait(timeout=PROGRAM_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            answer = f"a time-out after {PROGRAM_SECONDS_MAX} s"
        output.seek(0)
        return answer, output.read()


def google_tests(folder, words, fast, env, both_engines=False):
    programs = sorted(p for p in (folder / "tests").glob("*")
                      if p.is_file() and os.access(p, os.X_OK))
    if fast:
        programs = [p for p in programs if not any(w in p.name for w in FAST_LEAVES_OUT)]
    times_file = folder / "test_times.json"
    times = json.loads(times_file.read_text()) if times_file.exists() else {}
    work = []
    for program in programs:
        parts = 2 if "stories" in program.name else 1
        work += [(program, (i, parts) if parts > 1 else None, None) for i in range(parts)]
        if both_engines and not fast and program.name in ON_BOTH_ENGINES:
            work.append((program, None, "postgresql"))
    work.sort(key=lambda item: -times.get(item[0].name, 1))
    totals = Totals()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        running = [pool.submit(run_google, program, words, env, shard, engine)
                   for program, shard, engine in work]
        for one in concurrent.futures.as_completed(running):
            label, result, seconds = one.result()
            totals.add(result)
            if not words and seconds:
                times[label] = round(seconds, 1)
    times_file.write_text(json.dumps(times, indent=1, sort_keys=True))
    return totals


# --- Python and node ----------------------------------------------------------------------------

def python_tests(name, words, env):
    """The unittest cases of tests/<name>: the house rules (tidy), the binary's contracts."""
    with tempfile.TemporaryDirectory(prefix="antin-test-") as folder:
        report = pathlib.Path(folder) / "report.json"
        answer, output = run_bounded(
            [sys.executable, "-B", str(ROOT / "tests/tidy/run.py"), "--in",
             str(ROOT / "tests" / name), str(report), *words], dict(env, TMPDIR=folder))
        text = report.read_text(encoding="utf-8") if report.exists() else ""
    totals = Totals()
    if not text:
        totals.failures.append((name, f"exit {answer}\n{output[-6000:]}"))
        return totals
    result = json.loads(text)
    totals.passed, totals.skipped = result["passed"], result["skipped"]
    totals.failures = [(f"{name}: {case}", detail) for case, detail in result["failures"]]
    return totals


def journey_tests(words, env):
    totals = Totals()
    for file in sorted((ROOT / "tests/journeys").glob("*.mjs")):
        if file.name.startswith("_") or file.name.startswith("kit"):
            continue
        if words and not all(word.lower() in file.name.lower() for word in words):
            continue
        with tempfile.TemporaryDirectory(prefix="antin-test-") as folder:
            report = pathlib.Path(folder) / "report.jsonl"
            own = dict(env, TMPDIR=folder)
            answer, output = run_bounded(
                ["node", f"--test-reporter={ROOT}/tools/node_reporter.mjs",
                 f"--test-reporter-destination={report}", str(file)], own)
            one = Totals()
            for line in report.read_text(encoding="utf-8").splitlines() if report.exists() else []:
                case = json.loads(line)
                if case["result"] == "failed":
                    one.failures.append((f"{file.name}: {case['name']}",
                                         case["detail"] + "\n" + output[-2000:]))
                elif case["result"] == "skipped":
                    one.skipped += 1
                else:
                    one.passed += 1
            if answer != 0 and not one.failures:
                one.failures.append((f"{file.name}: end", f"exit {answer}\n{output[-6000:]}"))
            totals.add(one)
    return totals


# --- other modes --------------------------------------------------------------------------------

def fuzz(seconds, words):
    folder = build("fuzz", "fuzz_programs")
    corpus = folder / "corpus"
    stage("seeds", [sys.executable, "tests/fuzz/make_corpus.py", str(corpus)])
    totals = Totals()
    for program in sorted((folder / "tests/fuzz").glob("*_fuzz")):
        if words and not all(word in program.name for word in words):
            continue
        seeds = corpus / program.name.removesuffix("_fuzz")
        with tempfile.TemporaryDirectory(prefix="antin-fuzz-") as work:
            command = [str(program), f"-max_total_time={seconds}", "-rss_limit_mb=2048",
                       "-timeout=20", f"-artifact_prefix={folder}/", work, str(seeds)]
            answer, output = run_bounded(command, environment())
        if answer == 0:
            totals.passed += 1
        else:
            totals.failures.append((program.name, output[-6000:]))
        last = [line for line in output.splitlines() if line.startswith("Done")]
        say(f"   {program.name}: {last[-1] if last else answer}")
    return totals


def coverage(words):
    folder = build("coverage")
    totals = google_tests(folder, words, False, environment())
    report = folder / "report"
    shutil.rmtree(report, ignore_errors=True)
    report.mkdir()
    stage("coverage report", ["gcovr", "--root", str(ROOT), "--filter", "src/", "--exclude",
                              r".*_test\.cpp", "--html-details", str(report / "index.html"),
                              "--txt", str(report / "summary.txt"), str(folder)])
    say((report / "summary.txt").read_text().splitlines()[-2])
    say(f"   {report}/index.html")
    return totals


def without_random_addresses():
    """gcc 12's ThreadSanitizer cannot map its shadow where the kernel spreads addresses widely."""
    bits = pathlib.Path("/proc/sys/vm/mmap_rnd_bits")
    if os.environ.get("ANTIN_FIXED_ADDRESSES") or not bits.exists() or int(bits.read_text()) <= 28:
        return
    os.environ["ANTIN_FIXED_ADDRESSES"] = "1"
    os.execvp("setarch", ["setarch", os.uname().machine, "-R", sys.executable, *sys.argv])


def report(totals):
    for name, detail in totals.failures:
        say(f"\nFAILED {name}\n{detail.rstrip()}")
    if totals.failures:
        say("")
        for name, _ in totals.failures:
            say(f"FAILED {name}")
    say(totals.line())
    sys.exit(1 if totals.failures or not (totals.passed + totals.skipped) else 0)


def parse():
    parser = argparse.ArgumentParser(prog="./test", description="Builds and runs the tests.")
    parser.add_argument("words", nargs="*", help="only cases whose name has all these words")
    parser.add_argument("--fast", action="store_true", help="unit tests and tidy only")
    parser.add_argument("--update", action="store_true", help="rewrite golden files, then compare")
    parser.add_argument("--tsan", action="store_true", help="the programs under ThreadSanitizer")
    parser.add_argument("--coverage", action="store_true", help="with a report of lines covered")
    parser.add_argument("--fuzz", nargs="?", const=30, type=int, metavar="SECONDS",
                        help="each fuzz target for so many seconds (30)")
    return parser.parse_args()


def main():
    options = parse()
    env = environment({"ANTIN_UPDATE": "1"} if options.update else None)
    if options.fuzz:
        report(fuzz(options.fuzz, options.words))
    if options.coverage:
        report(coverage(options.words))
    if options.tsan:
        without_random_addresses()
        report(google_tests(build("tsan"), options.words, options.fast, env))
    totals = Totals()

    def part(name, run):
        started = time.monotonic()
        result = run()
        if result.passed or result.failures or result.skipped:
            say(f"-- {name}: {result.line()} ({time.monotonic() - started:.0f} s)")
        totals.add(result)

    part("tidy", lambda: python_tests("tidy", options.words, env))
    folder = build("asan")
    part("programs", lambda: google_tests(folder, options.words, options.fast, env, True))
    if not options.fast:
        part("contracts", lambda: python_tests("contracts", options.words, env))
    if not options.fast and list((ROOT / "tests/journeys").glob("*.mjs")):
        stage("npm packages of the journeys", ["tools/npm_install", "tests/journeys"])
        part("journeys", lambda: journey_tests(options.words, env))
    report(totals)


if __name__ == "__main__":
    main()
