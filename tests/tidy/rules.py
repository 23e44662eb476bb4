"""The house rules as functions: tree -> complaints. A tree is {path: text} of the files under git.

Each rule has a case on the tree and one on a planted error in rules_test.py.
"""
import json
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CODE = (".cpp", ".hpp")
SCRIPTS = (".py", ".mjs")
FUNCTION_LINES_MAX = 70
COLUMNS_MAX = 100
FILE_BYTES_MAX = 500 * 1000


def tracked(root=ROOT):
    """Paths under git, or not yet added but not ignored either."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=root, capture_output=True, check=True).stdout.decode()
    return [path for path in sorted(set(listing.split("\0"))) if path and (root / path).is_file()]


def load(root=ROOT):
    tree = {}
    for path in tracked(root):
        try:
            tree[path] = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture, a font, a test vector
    return tree


def is_test(path):
    return path.endswith("_test.cpp") or path.startswith("tests/")


def lines_of(tree, *suffixes):
    for path, text in tree.items():
        if path.endswith(suffixes):
            for number, line in enumerate(text.splitlines(), 1):
                yield path, number, line


def columns(tree):
    """A literal in a test may be longer: a line of a sheet, an address."""
    return [f"{path}:{number}: {len(line)} columns"
            for path, number, line in lines_of(tree, *CODE, ".py")
            if len(line) > COLUMNS_MAX and not (is_test(path) and '"' in line)]


def function_lines(tree):
    """A function begins where a line at the margin (or in a class) opens a brace after `)`."""
    complaints = []
    opening = re.compile(r"^(?!\s*(namespace|class|struct|enum|union|extern|#|//|if|for|while|"
                         r"switch|else|do|try|catch|return)\b).*\)[^;=]*\{$")
    for path, text in tree.items():
        if not path.endswith(CODE):
            continue
        lines = text.splitlines()
        for start, line in enumerate(lines):
            indent = len(line) - len(line.lstrip())
            if indent > 4 or not opening.match(line):
                continue
            close = next((i for i in range(start + 1, len(lines))
                          if re.match(rf"^ {{{indent}}}\}}", lines[i])), None)
            if close is not None and close - start - 1 > FUNCTION_LINES_MAX:
                complaints.append(f"{path}:{start + 1}: a function of {close - start - 1} lines")
    return complaints


SQL_HOMES = ("src/store/", "src/ledger/", "src/audit/", "src/sql/")
SQL = re.compile(r'"\s*(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|'
                 r'CREATE\s+(TABLE|INDEX)\s|ALTER\s+TABLE\s)')


def sql_homes(tree):
    return [f"{path}:{number}: SQL outside {' '.join(SQL_HOMES)}"
            for path, number, line in lines_of(tree, *CODE)
            if not path.startswith(SQL_HOMES) and not is_test(path) and SQL.search(line)]


def select_star(tree):
    return [f"{path}:{number}: name the columns instead of SELECT *"
            for path, number, line in lines_of(tree, *CODE, ".sql")
            if not is_test(path) and re.search(r"\bSELECT\s+\*", line)]


CLOCK = re.compile(r"system_clock::now|std::time\(|[^\w.:>]time\((nullptr|NULL|0)\)|gettimeofday|"
                   r"CLOCK_REALTIME|\blocaltime|\bmktime\(")


def wall_clock(tree):
    return [f"{path}:{number}: the time comes from base/time.hpp (Clock)"
            for path, number, line in lines_of(tree, *CODE)
            if path.startswith(("src/", "apps/")) and not path.startswith("src/base/")
            and CLOCK.search(line.split("//")[0])]


MACHINE = re.compile(r"(?<![\w.$}])/(work/|home/\w|root/|tmp/\w)")


def machine_paths(tree):
    return [f"{path}:{number}: a path of one machine"
            for path, number, line in lines_of(tree, "")
            if not path.startswith("tests/tidy/") and MACHINE.search(line)]


ADDRESSES = re.compile(r'"resolved"|registry\.npm|deb\.debian\.org|proxy\.golang|pypi\.org')


def registry_addresses(tree):
    return [f"{path}:{number}: the address of a package registry"
            for path, number, line in lines_of(tree, "")
            if not path.startswith("tests/tidy/") and ADDRESSES.search(line)]


def big_files(sizes):
    """`sizes`: path -> bytes."""
    return [f"{path}: {size} bytes" for path, size in sizes.items() if size > FILE_BYTES_MAX]


def sizes(root=ROOT):
    return {path: os.path.getsize(root / path) for path in tracked(root)}


def open_notes(tree):
    return [f"{path}:{number}: finish it, or TODO(#number)"
            for path, number, line in lines_of(tree, *CODE, *SCRIPTS, ".js", ".html", ".scss")
            if not path.startswith("tests/tidy/")
            and re.search(r"\b(FIXME|XXX)\b|\bTODO\b(?!\(#\d+\))", line)]


def heavy_headers(tree):
    heavy = re.compile(r"#\s*include\s*<(nlohmann/json\.hpp|boost/|pugixml|CLI/|toml\+\+|kainjow|"
                       r"cairo|pango|curl/|libpq-fe|sqlite3)")
    return [f"{path}:{number}: a heavy header in a header"
            for path, number, line in lines_of(tree, ".hpp")
            if path.startswith("src/") and heavy.search(line)
            and not re.search(r"// Inside (the module|src/\w+) only", tree[path][:400])]


def inline_script(tree):
    wrong = re.compile(r"<style\b|<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|"
                       r"\sstyle=|\son[a-z]+=\"|javascript:")
    return [f"{path}:{number}: the content security policy allows no inline script or style"
            for path, number, line in lines_of(tree, ".html")
            if path.startswith("src/web/") and wrong.search(line)]


def browser_storage(tree):
    """What a page keeps would outlive the session; the pairing of a computer may, nothing else."""
    keeps = re.compile(r"\b(localStorage|sessionStorage|indexedDB|cookieStore|serviceWorker|caches)\b"
                       r"|document\.cookie")
    return [f"{path}:{number}: nothing of a page stays in the browser after signing out"
            for path, number, line in lines_of(tree, ".js")
            if path.startswith("web-assets/src/") and keeps.search(line)
            and not (path.endswith("/token.js") and "localStorage" in line and "pairing" in line)]


def raw_values(tree):
    return [f"{path}:{number}: only values named *_html may go in unescaped"
            for path, number, line in lines_of(tree, ".html") if path.startswith("src/web/")
            for name in re.findall(r"\{\{\{\s*([\w.]+)\s*\}\}\}|\{\{&\s*([\w.]+)\s*\}\}", line)
            if not "".join(name).endswith("_html") and "".join(name) != "raw"]


def sleeps(tree):
    sleep = re.compile(r"sleep_for|sleep_until|\bu?sleep\(\d|waitForTimeout|time\.sleep\(|"
                       r"setTimeout\(\s*(resolve|r|done)\b")
    return [f"{path}:{number}: a test waits for the event, not for a time"
            for path, number, line in lines_of(tree, *CODE, *SCRIPTS)
            if is_test(path) and not path.startswith("tests/tidy/")
            and not path.startswith("tests/shim/") and sleep.search(line)]


def switched_off(tree):
    return [f"{path}:{number}: a test is switched off"
            for path, number, line in lines_of(tree, *CODE, ".mjs", "_test.py")
            if is_test(path) and not path.startswith("tests/tidy/")
            and re.search(r"\bDISABLED_|\b(test|it|describe)\.(skip|only)\(|@unittest\.skip", line)]


def vague_names(tree):
    vague = re.compile(r"(^|/|_)(util|utils|common|helper|helpers|manager|misc)(_|\.|/|$)")
    return [f"{path}: a name that says nothing" for path in tree
            if path.startswith(("src/", "apps/")) and vague.search(path)]


def links(tree, exists=lambda path: (ROOT / path).exists()):
    complaints = []
    for path, number, line in lines_of(tree, ".md"):
        for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)", line):
            if re.match(r"[a-z]+:", target):
                continue
            goal = os.path.normpath(os.path.join(os.path.dirname(path), target))
            if not exists(goal):
                complaints.append(f"{path}:{number}: the link to {target} leads nowhere")
    return complaints


# --- texts --------------------------------------------------------------------------------------

def texts(tree, language):
    """key -> file; and complaints about files that are not flat, sorted, unique."""
    keys, complaints = {}, []
    for path, text in tree.items():
        if not (path.startswith(f"data/texts/{language}/") and path.endswith(".json")):
            continue
        pairs = json.loads(text, object_pairs_hook=list)
        names = [name for name, _ in pairs]
        if names != sorted(names):
            late = next(b for a, b in zip(names, names[1:]) if b < a)
            complaints.append(f"{path}: keys are sorted; {late} stands too late")
        for name, value in pairs:
            if name in keys:
                complaints.append(f"{path}: {name} stands in {keys[name]} already")
            if not isinstance(value, str):
                complaints.append(f"{path}: {name} is not a sentence")
            keys[name] = path
    return keys, complaints


def text_files(tree):
    return texts(tree, "vi")[1] + texts(tree, "en")[1]


def text_languages(tree):
    vietnamese, english = texts(tree, "vi")[0], texts(tree, "en")[0]
    return [f"{vietnamese[key]}: {key} is missing in English"
            for key in sorted(vietnamese.keys() - english.keys())] + \
           [f"{english[key]}: {key} is missing in Vietnamese"
            for key in sorted(english.keys() - vietnamese.keys())]


def text_placeholders(tree):
    """Both languages fill in the same things ("hour2" is "hour" with two digits)."""
    complaints = []
    both = [{}, {}]
    for place, language in enumerate(("vi", "en")):
        for path, text in tree.items():
            if path.startswith(f"data/texts/{language}/") and path.endswith(".json"):
                both[place].update(json.loads(text))
    for key in sorted(both[0].keys() & both[1].keys()):
        first, second = ({name.rstrip("2") for name in
                          re.findall(r"\{\{[{&#^/]?\s*([\w.]+)\s*\}", one[key])}
                         for one in both)
        if first != second:
            complaints.append(f"{key}: {sorted(first)} in Vietnamese, {sorted(second)} in English")
    return complaints


def text_uses(tree):
    """[[key]] of templates and text(language, "key") of code."""
    uses = {}
    for path, number, line in lines_of(tree, ".html", *CODE):
        if is_test(path) or not path.startswith(("src/", "apps/")):
            continue
        found = re.findall(r"\[\[([a-z0-9_.-]+\.[a-z0-9_.-]+)\]\]", line)
        if path.endswith(CODE):
            found += re.findall(r"\btext\([^\"()]*,\s*\"([a-z0-9_]+\.[a-z0-9_.-]*[a-z0-9_])\"",
                                line)
        for key in found:
            uses.setdefault(key, f"{path}:{number}")
    return uses


def text_missing(tree):
    vietnamese = texts(tree, "vi")[0]
    return [f"{place}: no text {key}" for key, place in sorted(text_uses(tree).items())
            if key not in vietnamese
            and not (key.endswith("_") and any(one.startswith(key) for one in vietnamese))]


def text_errors(tree):
    """Every code of fail(ErrorKind::…, "code") has its sentence."""
    vietnamese, complaints = texts(tree, "vi")[0], {}
    for path, text in tree.items():
        if is_test(path) or not path.endswith(CODE) or not path.startswith("src/"):
            continue
        for code in re.findall(r"\bfail\(\s*(?:antin::)?ErrorKind::\w+,\s*\"([\w.]+\w)\"[,)]",
                               text):
            if f"error.{code}" not in vietnamese:
                complaints[code] = f"{path}: no text error.{code}"
    return sorted(complaints.values())


def text_unused(tree):
    """A key is used where it, or its beginning up to a dot, stands in code, template or data."""
    whole = "\n".join(text for path, text in tree.items()
                      if path.endswith((*CODE, ".html", ".json", ".js", ".ts"))
                      and not path.startswith("data/texts/") and not is_test(path)
                      and path.startswith(("src/", "apps/", "data/", "web-assets/src")))
    words = set(re.findall(r"[\w.-]+", whole))
    unused = []
    for key, path in sorted(texts(tree, "vi")[0].items()):
        parts = key.split(".")
        # "agency_state" + "." + name; "fill." + name; "assess.proposed_" + name
        beginnings = {key[:end] for end in range(2, len(key)) if key[end - 1] in "._"}
        beginnings.add(parts[0])
        if key in words or key.removeprefix("error.") in words or beginnings & words:
            continue
        unused.append(f"{path}: nothing uses {key}")
    return unused


def clang_format(root=ROOT):
    files = [path for path in tracked(root)
             if path.endswith(CODE) and path.startswith(("src/", "apps/", "tests/", "benchmarks/"))]
    if not files:
        return []
    done = subprocess.run(["clang-format-16", "--dry-run", *files], cwd=root,
                          capture_output=True, text=True, check=False)
    return sorted({line.split(":")[0] + ": run clang-format-16 -i on it"
                   for line in done.stderr.splitlines() if "clang-format-violations" in line})
