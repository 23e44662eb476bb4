"""Every house rule: the tree obeys it, and a planted error is found."""
import unittest

import rules


class Tree(unittest.TestCase):
    """The rules on the files under git."""

    @classmethod
    def setUpClass(cls):
        cls.tree = rules.load()

    def obeys(self, complaints):
        self.assertFalse(complaints, "\n" + "\n".join(complaints))

    def test_columns(self):
        self.obeys(rules.columns(self.tree))

    def test_function_lines(self):
        self.obeys(rules.function_lines(self.tree))

    def test_sql_has_four_homes(self):
        self.obeys(rules.sql_homes(self.tree))

    def test_no_select_star(self):
        self.obeys(rules.select_star(self.tree))

    def test_no_wall_clock(self):
        self.obeys(rules.wall_clock(self.tree))

    def test_no_machine_paths(self):
        self.obeys(rules.machine_paths(self.tree))

    def test_no_registry_addresses(self):
        self.obeys(rules.registry_addresses(self.tree))

    def test_no_big_files(self):
        self.obeys(rules.big_files(rules.sizes()))

    def test_no_open_notes(self):
        self.obeys(rules.open_notes(self.tree))

    def test_light_headers(self):
        self.obeys(rules.heavy_headers(self.tree))

    def test_no_inline_script_or_style(self):
        self.obeys(rules.inline_script(self.tree))

    def test_pages_keep_nothing_in_the_browser(self):
        self.obeys(rules.browser_storage(self.tree))

    def test_templates_escape(self):
        self.obeys(rules.raw_values(self.tree))

    def test_no_sleep_in_tests(self):
        self.obeys(rules.sleeps(self.tree))

    def test_no_test_is_switched_off(self):
        self.obeys(rules.switched_off(self.tree))

    def test_names_say_something(self):
        self.obeys(rules.vague_names(self.tree))

    def test_links_lead_somewhere(self):
        self.obeys(rules.links(self.tree))

    def test_text_files_are_sorted_and_unique(self):
        self.obeys(rules.text_files(self.tree))

    def test_texts_in_both_languages(self):
        self.obeys(rules.text_languages(self.tree))

    def test_texts_fill_in_the_same_things(self):
        self.obeys(rules.text_placeholders(self.tree))

    def test_no_text_is_missing(self):
        self.obeys(rules.text_missing(self.tree))

    def test_every_error_has_its_sentence(self):
        self.obeys(rules.text_errors(self.tree))

    def test_no_text_is_unused(self):
        self.obeys(rules.text_unused(self.tree))

    def test_clang_format(self):
        self.obeys(rules.clang_format())


class Planted(unittest.TestCase):
    def found(self, complaints, words=""):
        self.assertEqual(len(complaints), 1, complaints)
        self.assertIn(words, complaints[0])

    def test_columns(self):
        self.found(rules.columns({"src/a/a.cpp": "x" * 101, "b.cpp": "x" * 100}), "a.cpp:1")

    def test_columns_of_a_literal_in_a_test(self):
        line = 'row("' + "x" * 110 + '");'
        self.found(rules.columns({"src/a/a_test.cpp": line, "src/a/a.cpp": line}), "a.cpp:1")

    def test_columns_count_letters_not_bytes(self):
        self.assertEqual(rules.columns({"a.cpp": "ấ" * 100}), [])

    def test_function_lines(self):
        long = "int f() {\n" + "    ++x;\n" * 71 + "}\n"
        fine = "int f() {\n" + "    ++x;\n" * 70 + "}\n"
        self.found(rules.function_lines({"a.cpp": long, "b.cpp": fine}), "a.cpp:1")

    def test_function_lines_of_a_member(self):
        long = "class A {\n    int f() const {\n" + "        ++x;\n" * 71 + "    }\n};\n"
        self.found(rules.function_lines({"a.hpp": long}), "a.hpp:2")

    def test_sql_homes(self):
        sql = 'query("SELECT id FROM t");'
        self.found(rules.sql_homes({"src/web/a.cpp": sql, "src/store/a.cpp": sql,
                                    "src/web/a_test.cpp": sql}), "src/web/a.cpp:1")

    def test_select_star(self):
        self.found(rules.select_star({"src/store/a.cpp": '"SELECT * FROM t"'}))

    def test_wall_clock(self):
        text = "auto n = std::chrono::system_clock::now();"
        self.found(rules.wall_clock({"src/app/a.cpp": text, "src/base/time.cpp": text}), "app")

    def test_wall_clock_by_time(self):
        self.found(rules.wall_clock({"src/app/a.cpp": "auto n = time(nullptr);"}))

    def test_machine_paths(self):
        self.found(rules.machine_paths({"a.md": "see /home/someone/x", "b.md": "src/work/a"}))

    def test_registry_addresses(self):
        self.found(rules.registry_addresses({"package-lock.json": '"resolved": "x"'}))

    def test_big_files(self):
        self.found(rules.big_files({"a": 500001, "b": 500000}), "a:")

    def test_open_notes(self):
        self.found(rules.open_notes({"src/a.cpp": "// TODO later\n// TODO(#12): later"}), ":1")

    def test_heavy_headers(self):
        text = "#include <nlohmann/json.hpp>"
        inside = "#pragma once\n// Inside src/a only: the drawing state.\n" + text
        self.found(rules.heavy_headers({"src/a/a.hpp": text, "src/a/a.cpp": text,
                                        "src/a/b.hpp": inside}), "a.hpp")

    def test_inline_style(self):
        self.found(rules.inline_script({"src/web/pages/a.html": '<p style="x">'}))

    def test_inline_script(self):
        self.found(rules.inline_script({"src/web/pages/a.html": '<script src="/a.js"></script>',
                                        "src/web/pages/b.html": "<script>x()</script>"}), "b.html")

    def test_inline_handler(self):
        self.found(rules.inline_script({"src/web/pages/a.html": '<a onclick="x()">'}))

    def test_browser_storage(self):
        kept = "localStorage.setItem('name', name);"
        paired = "localStorage.setItem(pairingKey, pairing);"
        self.found(rules.browser_storage({"web-assets/src/js/token.js": paired,
                                          "web-assets/src/js/sheet.js": kept}), "sheet.js")

    def test_raw_values(self):
        self.found(rules.raw_values({"src/web/a.html": "{{{name}}}\n{{{body_html}}}"}), ":1")

    def test_sleeps(self):
        self.found(rules.sleeps({"tests/stories/a.cpp": "std::this_thread::sleep_for(1s);",
                                 "src/jobs/a.cpp": "sleep_for(1s)"}), "stories")

    def test_switched_off(self):
        self.found(rules.switched_off({"src/a/a_test.cpp": "TEST(A, DISABLED_b) {"}))

    def test_vague_names(self):
        self.found(rules.vague_names({"src/web/string_utils.cpp": "", "src/web/home.cpp": ""}))

    def test_links(self):
        page = {"docs/a.md": "[x](b.md) [y](https://example.org) [z](#here) [w](../c.md)"}
        self.found(rules.links(page, lambda path: path == "docs/b.md"), "../c.md")

    TEXTS = {"data/texts/vi/a.json": '{"a.one": "một {{n}}", "a.two": "hai"}',
             "data/texts/en/a.json": '{"a.one": "one {{n}}", "a.two": "two"}',
             "src/web/pages/a.html": "<p>[[a.one]]</p> [[a.two]]"}

    def test_texts_without_fault(self):
        for rule in (rules.text_files, rules.text_languages, rules.text_placeholders,
                     rules.text_missing, rules.text_unused):
            self.assertEqual(rule(self.TEXTS), [])

    def test_text_unsorted(self):
        self.found(rules.text_files({"data/texts/vi/a.json": '{"b.x": "1", "a.x": "2"}'}), "a.x")

    def test_text_twice(self):
        self.found(rules.text_files({"data/texts/vi/a.json": '{"b.x": "1"}',
                                     "data/texts/vi/b.json": '{"b.x": "1"}'}), "already")

    def test_text_in_one_language_only(self):
        tree = dict(self.TEXTS, **{"data/texts/en/a.json": '{"a.one": "one {{n}}"}'})
        self.found(rules.text_languages(tree), "a.two is missing in English")

    def test_text_placeholder_forgotten(self):
        tree = dict(self.TEXTS, **{"data/texts/en/a.json": '{"a.one": "one", "a.two": "two"}'})
        self.found(rules.text_placeholders(tree), "a.one")

    def test_text_missing(self):
        tree = dict(self.TEXTS, **{"src/web/b.cpp": 'text(language, "a.three")'})
        self.found(rules.text_missing(tree), "a.three")

    def test_text_unused(self):
        tree = dict(self.TEXTS, **{"src/web/pages/a.html": "[[a.one]]"})
        self.found(rules.text_unused(tree), "a.two")

    def test_text_used_by_its_beginning(self):
        tree = dict(self.TEXTS, **{"src/web/pages/a.html": "[[a.one]]",
                                   "src/web/b.cpp": 'text(language, "a." + name)'})
        self.assertEqual(rules.text_unused(tree), [])

    def test_error_without_sentence(self):
        self.found(rules.text_errors({"src/app/a.cpp": 'fail(ErrorKind::Refused, "a.b")'}),
                   "error.a.b")
