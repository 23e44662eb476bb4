"""The graph of modules, on the tree and on planted errors."""
import unittest

import check_modules
from check_modules import Modules

GRAPH = """# tools: nothing of the trade
base [] fmt
sql  [] sqlite3
# rules: pure
domain [] json
# work: use cases
app  [sql domain]
# edges
web  [app]
mail [app]
"""


class Tree(unittest.TestCase):
    def setUp(self):
        root = check_modules.ROOT
        self.modules = Modules((root / "src/modules.txt").read_text(encoding="utf-8"))
        self.files = check_modules.source_files(root)

    def test_graph_has_no_fault(self):
        self.assertEqual(check_modules.check_graph(self.modules), [])

    def test_every_include_follows_an_arrow(self):
        self.assertEqual(check_modules.check_includes(self.modules, self.files), [])

    def test_tools_know_nothing_of_the_trade(self):
        self.assertEqual(check_modules.check_words(self.modules, self.files), [])

    def test_picture_in_the_architecture_page_is_current(self):
        page = check_modules.ROOT / "docs/architecture.md"
        text = page.read_text(encoding="utf-8")
        self.assertEqual(check_modules.drawn(text, self.modules), text,
                         "run tools/check_modules.py --draw")


class Planted(unittest.TestCase):
    def complaints(self, graph=GRAPH, **files):
        modules = Modules(graph)
        named = {name.replace("__", "/") + ".cpp": text for name, text in files.items()}
        return (check_modules.check_graph(modules)
                + check_modules.check_includes(modules, named)
                + check_modules.check_words(modules, named))

    def assert_one(self, complaints, words):
        self.assertEqual(len(complaints), 1, complaints)
        self.assertIn(words, complaints[0])

    def test_clean_graph_has_no_complaint(self):
        self.assertEqual(self.complaints(src__app__x='#include "sql/sql.hpp"\n'), [])

    def test_forbidden_arrow(self):
        self.assert_one(self.complaints(src__domain__x='\n#include "sql/sql.hpp"\n'),
                        "src/domain/x.cpp:2: domain may not include sql")

    def test_arrow_through_another_module_is_forbidden_too(self):
        self.assert_one(self.complaints(src__web__x='#include "sql/sql.hpp"\n'),
                        "web may not include sql")

    def test_a_test_may_use_what_its_module_reaches(self):
        self.assertEqual(self.complaints(src__web__x_test='#include "sql/sql.hpp"\n'), [])

    def test_kit_is_for_tests_only(self):
        self.assert_one(self.complaints(src__app__x='#include "kit/fake_clock.hpp"\n'),
                        "app may not include kit")

    def test_edge_sees_edge(self):
        self.assert_one(self.complaints(GRAPH.replace("web  [app]", "web  [app mail]")),
                        "the edge web sees the edge mail")

    def test_cycle(self):
        graph = GRAPH.replace("base [] fmt", "base [] fmt\na [b]\nb [a]")
        self.assert_one(self.complaints(graph), "cycle a -> b -> a")

    def test_upward_arrow(self):
        self.assert_one(self.complaints(GRAPH.replace("sql  []", "sql  [domain]")), "looks up to")

    def test_unknown_need(self):
        self.assert_one(self.complaints(GRAPH.replace("[app]\nmail", "[app pdf]\nmail")),
                        "web needs pdf")

    def test_module_without_a_line(self):
        self.assert_one(self.complaints(src__extra__x=""), "extra is not in src/modules.txt")

    def test_the_trade_in_a_tool(self):
        self.assert_one(self.complaints(src__sql__x="// of a Dossier\n"), "src/sql/x.cpp:1")

    def test_line_that_cannot_be_read(self):
        self.assert_one(self.complaints(GRAPH + "Web ()\n"), "not \"name [needs] libraries\"")

    def test_picture_lies_between_the_markers(self):
        page = f"a\n{check_modules.START}\nold\n{check_modules.END}\nb"
        text = check_modules.drawn(page, Modules(GRAPH))
        self.assertIn("web --> app", text)
        self.assertNotIn("old", text)
        self.assertTrue(text.startswith("a\n") and text.endswith("\nb"))
