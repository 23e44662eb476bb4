#!/usr/bin/env python3
"""Checks the graph of modules against src/modules.txt, and draws it.

usage: check_modules.py            complains, exit 1 when an arrow is wrong
       check_modules.py --draw     rewrites the picture in docs/architecture.md

Rules: only the arrows of modules.txt (base is open to all); no cycle; an edge never sees an edge;
the tools band does not know the word "dossier"; apps/ and tests/ may see everything.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
START, END = "<!-- modules:begin -->", "<!-- modules:end -->"
INCLUDE = re.compile(r'^\s*#\s*include\s*"([a-z0-9_]+)/', re.M)


class Modules:
    """modules.txt: name -> what it may include, and name -> band."""

    def __init__(self, text):
        self.needs, self.band, self.bands = {}, {}, []
        self.errors = []
        band = ""
        for number, line in enumerate(text.splitlines(), 1):
            heading = re.match(r"# ([a-z]+)(:|$)", line)
            if heading:
                band = heading.group(1)
                self.bands.append(band)
                continue
            if not line.strip() or line.startswith("#"):
                continue
            entry = re.match(r"([a-z]+) +\[([^]]*)\]", line)
            if not entry:
                self.errors.append(f"src/modules.txt:{number}: not \"name [needs] libraries\"")
                continue
            self.needs[entry.group(1)] = entry.group(2).split()
            self.band[entry.group(1)] = band


def check_graph(modules):
    """Faults of the graph itself: unknown names, cycles, arrows between edges, upward arrows."""
    errors = list(modules.errors)
    order = {band: place for place, band in enumerate(modules.bands)}
    for name, needs in modules.needs.items():
        for need in needs:
            if need not in modules.needs:
                errors.append(f"src/modules.txt: {name} needs {need}, which no line describes")
                continue
            if modules.band[name] == modules.band[need] == "edges":
                errors.append(f"src/modules.txt: the edge {name} sees the edge {need}")
            if order.get(modules.band[need], 0) > order.get(modules.band[name], 0):
                errors.append(f"src/modules.txt: {name} ({modules.band[name]}) looks up to "
                              f"{need} ({modules.band[need]})")
    return errors + cycles(modules)


def cycles(modules):
    state, errors = {}, []

    def visit(name, path):
        if state.get(name) == "done" or name not in modules.needs:
            return
        if state.get(name) == "open":
            errors.append("src/modules.txt: cycle " + " -> ".join(path[path.index(name):] + [name]))
            return
        state[name] = "open"
        for need in modules.needs[name]:
            visit(need, path + [name])
        state[name] = "done"

    for name in modules.needs:
        visit(name, [])
    return errors


def check_includes(modules, files):
    """`files`: path -> text, of src/. Each include must follow an arrow."""
    errors = []
    for path, text in sorted(files.items()):
        parts = path.split("/")
        if parts[0] != "src" or len(parts) < 3 or not path.endswith((".cpp", ".hpp")):
            continue
        module = parts[1]
        if module not in modules.needs:
            errors.append(f"{path}: the module {module} is not in src/modules.txt")
            continue
        allowed = {module, "base", *modules.needs[module]}
        if path.endswith("_test.cpp"):
            allowed |= {"kit"} | everything_below(modules, module)
        for found in INCLUDE.finditer(text):
            other = found.group(1)
            if other in modules.needs and other not in allowed or \
                    other == "kit" and "kit" not in allowed:
                line = text.count("\n", 0, found.start(1)) + 1
                errors.append(f"{path}:{line}: {module} may not include {other} "
                              f"(allowed: {' '.join(sorted(allowed - {module}))})")
    return errors


def everything_below(modules, name):
    """A test may also use what its module reaches through others."""
    seen, todo = set(), list(modules.needs[name])
    while todo:
        need = todo.pop()
        if need not in seen:
            seen.add(need)
            todo += modules.needs.get(need, [])
    return seen


def check_words(modules, files):
    """Tools know nothing of our trade."""
    errors = []
    for path, text in sorted(files.items()):
        parts = path.split("/")
        if parts[0] != "src" or len(parts) < 3 or modules.band.get(parts[1]) != "tools":
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if "dossier" in line.lower():
                errors.append(f"{path}:{number}: a tool does not know the word \"dossier\"")
    return errors


def drawing(modules):
    """A mermaid picture: one box per module, bands as frames; base is left out, all include it."""
    lines = ["```mermaid", "graph TD"]
    for band in reversed(modules.bands):
        inside = [n for n in modules.needs if modules.band[n] == band and n != "base"]
        if inside:
            lines += [f"  subgraph {band}", *(f"    {name}" for name in inside), "  end"]
    for name, needs in modules.needs.items():
        lines += [f"  {name} --> {need}" for need in needs]
    return "\n".join(lines + ["```"])


def drawn(page, modules):
    """The page with the picture between its markers; None when it has no markers."""
    if START not in page or END not in page:
        return None
    before, rest = page.split(START, 1)
    return f"{before}{START}\n{drawing(modules)}\n{END}{rest.split(END, 1)[1]}"


def source_files(root):
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8")
            for path in (root / "src").rglob("*") if path.suffix in (".cpp", ".hpp", ".html")}


def main():
    modules = Modules((ROOT / "src/modules.txt").read_text(encoding="utf-8"))
    page = ROOT / "docs/architecture.md"
    if "--draw" in sys.argv[1:]:
        text = drawn(page.read_text(encoding="utf-8"), modules)
        if text is None:
            print(f"{page.name} has no line {START}")
            return 1
        page.write_text(text, encoding="utf-8")
        return 0
    files = source_files(ROOT)
    errors = check_graph(modules) + check_includes(modules, files) + check_words(modules, files)
    print("\n".join(errors) or "the graph of modules holds")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
