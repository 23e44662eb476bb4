#!/usr/bin/env python3
"""Runs the house rules: every unittest case in tests/tidy/*_test.py.

usage: run.py [--in FOLDER] REPORT.json [WORD...]   writes
    {"passed":N,"skipped":N,"failures":[[name,detail]]}
Without a report: plain unittest output. FOLDER: another folder of such cases than this one.
"""
import json
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
TOOLS = HERE.parent.parent / "tools"


def cases(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from cases(one)
        else:
            yield one


def main():
    arguments = sys.argv[1:]
    folder = HERE
    if arguments[:1] == ["--in"]:
        folder = pathlib.Path(arguments[1]).resolve()
        arguments = arguments[2:]
    sys.path[:0] = [str(folder), str(TOOLS)]
    everything = unittest.defaultTestLoader.discover(str(folder), pattern="*_test.py")
    if not arguments:
        return 0 if unittest.TextTestRunner().run(everything).wasSuccessful() else 1
    words = [word.lower() for word in arguments[1:]]
    chosen = unittest.TestSuite(
        case for case in cases(everything) if all(word in case.id().lower() for word in words))
    result = unittest.TestResult()
    chosen.run(result)
    failures = [(case.id(), text) for case, text in result.failures + result.errors]
    with open(arguments[0], "w", encoding="utf-8") as report:
        json.dump({"passed": result.testsRun - len({name for name, _ in failures})
                   - len(result.skipped),
                   "skipped": len(result.skipped), "failures": failures}, report)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
