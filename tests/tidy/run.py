#!/usr/bin/env python3
"""Runs the house rules: every unittest case in tests/tidy/*_test.py.

usage: run.py REPORT.json [WORD...]   writes {"passed":N,"skipped":N,"failures":[[name,detail]]}
Without arguments: plain unittest output.
"""
import json
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "tools")]


def cases(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from cases(one)
        else:
            yield one


def main():
    everything = unittest.defaultTestLoader.discover(str(HERE), pattern="*_test.py")
    if len(sys.argv) < 2:
        return 0 if unittest.TextTestRunner().run(everything).wasSuccessful() else 1
    words = [word.lower() for word in sys.argv[2:]]
    chosen = unittest.TestSuite(
        case for case in cases(everything) if all(word in case.id().lower() for word in words))
    result = unittest.TestResult()
    chosen.run(result)
    failures = [(case.id(), text) for case, text in result.failures + result.errors]
    with open(sys.argv[1], "w", encoding="utf-8") as report:
        json.dump({"passed": result.testsRun - len({name for name, _ in failures})
                   - len(result.skipped),
                   "skipped": len(result.skipped), "failures": failures}, report)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
