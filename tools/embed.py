#!/usr/bin/env python3
"""Writes OUT.S (.incbin) and OUT.cpp (a sorted table) for the files below each ROOT=PREFIX.

usage: embed.py SYMBOL OUT ROOT=PREFIX...
A file ROOT/a/b.html is found at run time as "PREFIX/a/b.html" (see src/base/embedded.hpp).
Files that .gitignore names below a root (an installation made in ./data) stay outside.
"""
import fnmatch
import hashlib
import pathlib
import sys


def left_out(root: pathlib.Path):
    """Says of a path below `root` whether .gitignore of the project names its first part."""
    ignore = pathlib.Path(__file__).resolve().parent.parent / ".gitignore"
    start = f"/{root.name}/"
    patterns = [line.strip()[len(start):].rstrip("/")
                for line in ignore.read_text(encoding="utf-8").splitlines()
                if line.startswith(start)] if ignore.is_file() else []
    return lambda path: any(fnmatch.fnmatch(path.relative_to(root).parts[0], pattern)
                            for pattern in patterns)


def main() -> int:
    symbol, out, roots = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    entries = []
    for root in roots:
        folder, prefix = root.rsplit("=", 1)
        base = pathlib.Path(folder)
        if not base.is_dir():
            continue
        ignored = left_out(base)
        for path in base.rglob("*"):
            if path.is_file() and path.suffix not in (".cpp", ".hpp") and not ignored(path):
                entries.append((f"{prefix}/{path.relative_to(base)}".lstrip("/"), path))
    entries.sort()
    out.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{out}.S", "w", encoding="utf-8") as assembler:
        assembler.write('.section .rodata\n')
        for index, (_, path) in enumerate(entries):
            assembler.write(
                f".global {symbol}_{index}\n.balign 16\n{symbol}_{index}:\n"
                f'.incbin "{path}"\n.byte 0\n')
        assembler.write('.section .note.GNU-stack,"",%progbits\n')
    with open(f"{out}.cpp", "w", encoding="utf-8") as source:
        source.write('#include "base/embedded.hpp"\n\nextern "C" {\n')
        for index in range(len(entries)):
            source.write(f"extern const char {symbol}_{index}[];\n")
        source.write("}\n\nnamespace antin {\nnamespace {\nconst EmbeddedFile files[] = {\n")
        for index, (name, path) in enumerate(entries):
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()[:16]
            source.write(f'    {{"{name}", {{{symbol}_{index}, {len(content)}}}, "{digest}"}},\n')
        if not entries:
            source.write('    {"", {"", 0}, ""},\n')
        source.write(f"}};\n}}  // namespace\n"
                     f"std::span<const EmbeddedFile> embedded_{symbol}() {{\n"
                     f"    return {{files, {len(entries)}}};\n}}\n}}  // namespace antin\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
