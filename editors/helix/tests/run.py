"""The recipe for Helix in the real editor, in a terminal.

Wants HELIX, TULE_PROJECT, `tule` on the path, XDG_CONFIG_HOME to write to, and may have TULE_PARSER.
"""

import os
import pathlib
import shutil
import sys
import traceback

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT / "editors" / "tests"))

from screen import Screen  # noqa: E402

PROJECT = os.environ["TULE_PROJECT"]
PARSER = os.environ.get("TULE_PARSER")
CONFIG = pathlib.Path(os.environ["XDG_CONFIG_HOME"]) / "helix"


def install():
    """Puts the recipe where it tells people to put it; the parser is built already."""
    CONFIG.mkdir(parents=True, exist_ok=True)
    recipe = (HERE.parent / "languages.toml").read_text()
    if not PARSER:
        recipe = recipe.split("[[grammar]]")[0]
    (CONFIG / "languages.toml").write_text(recipe)
    if PARSER:
        (CONFIG / "runtime" / "grammars").mkdir(parents=True, exist_ok=True)
        shutil.copy(PARSER, CONFIG / "runtime" / "grammars" / "tule.so")
        queries = CONFIG / "runtime" / "queries" / "tule"
        shutil.copytree(ROOT / "grammar/tree-sitter/queries/helix", queries, dirs_exist_ok=True)


def opened(path):
    return Screen([os.environ["HELIX"], path], 110, 30, cwd=PROJECT)


def the_grammar_colours():
    if not PARSER:
        print("skipped: colours (no parser)")
        return None
    screen = opened("queries/calls.tule")
    screen.wait("calls_since")
    screen.read(0.5)
    ink = {}
    for word in ("-- The", "query", "'2025", "100"):
        row, line = next((n, text) for n, text in enumerate(screen.screen.display) if word in text)
        ink[word] = screen.screen.buffer[row][line.index(word)].fg
    assert len(set(ink.values())) >= 3, f"one colour for all: {ink}"
    return screen


def a_wrong_column_is_shown():
    screen = opened("queries/bad.tule")
    screen.wait("● 1")
    screen.keys("j", "w", "w")
    screen.wait("no column `call_type_fina_d`")
    screen.keys(" ", "a")
    screen.wait("call_type_final_d")
    screen.keys("Enter")
    screen.wait("select call_type_final_d, count(*)")
    return screen


def a_column_is_completed():
    screen = opened("queries/calls.tule")
    screen.wait("calls_since")
    screen.read(1)
    screen.keys("g", "e", "o", "from police_calls select first_cr")
    screen.keys("C-x")
    screen.wait("first_cross_street")
    screen.keys("C-n", "Enter")
    screen.wait("from police_calls select first_cross_street")
    return screen


def a_column_is_explained():
    screen = opened("queries/calls.tule")
    screen.wait("calls_since")
    screen.read(1)
    screen.keys("/call_type_final_d", "Enter", " ", "k")
    screen.wait("The final type in words")
    return screen


def an_alias_is_renamed():
    screen = opened("queries/calls.tule")
    screen.wait("calls_since")
    screen.read(1)
    screen.keys("/as n$", "Enter", "l", "h", " ", "r")
    screen.wait("rename-to:")
    screen.keys("\x15", "calls", "Enter")
    screen.wait("order by calls desc")
    return screen


def a_file_is_laid_out():
    screen = opened("queries/calls.tule")
    screen.wait("calls_since")
    screen.read(1)
    screen.keys("g", "e", "o", "from   police_calls select   beat limit   5;", "Escape", ":format", "Enter")
    screen.wait("from police_calls select beat limit 5;")
    return screen


def a_file_is_run():
    screen = opened("queries/calls.tule")
    screen.wait("calls_since")
    screen.keys(":sh tule run %{buffer_name} --name calls_since --param beat=C1 2>&1 | tail -3", "Enter")
    screen.wait("100 rows, ")
    return screen


TESTS = [
    the_grammar_colours,
    a_wrong_column_is_shown,
    a_column_is_completed,
    a_column_is_explained,
    an_alias_is_renamed,
    a_file_is_laid_out,
    a_file_is_run,
]


def main():
    install()
    passed = failed = 0
    for test in TESTS:
        try:
            screen = test()
            if not screen:
                continue
            screen.close()
            passed += 1
            print("ok      " + test.__name__.replace("_", " "))
        except AssertionError:
            failed += 1
            print("FAILED  " + test.__name__.replace("_", " "))
            traceback.print_exc()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
