"""Rules about the code that are easily forgotten. Each failure names the file and the line."""

import ast
import re

from tests.repository.tree import APPS, imports, modules, parsed, text

LINES_OF_A_FILE = 300
LINES_OF_A_TEST_FILE = 400
LINES_OF_A_FUNCTION = 50
NAMES_THAT_SAY_NOTHING = {"helpers.py", "utils.py", "common.py", "services.py"}
# The clock is read here and nowhere else: the doors, and the lock on them (a grant expires).
OF_WORDS = ("django.utils.translation", "django.utils.functional")  # texts to be translated
DOORS = {"views", "api", "endpoints", "tasks", "commands", "scoping", "tokens"}
CLOCKS = {"timezone.now", "datetime.now", "datetime.utcnow", "date.today", "time.time"}
PURE = re.compile(
    r"ledger/(money|periods|intervals|floor)\.py|ledger/(importers|log)/.*"
    r"|payouts/detectors/.*|payouts/statements/(data|canonical)\.py"
)


def test_no_file_is_too_long_to_read():
    too_long = []
    for path in modules():
        allowed = LINES_OF_A_TEST_FILE if path.parts[0] == "tests" else LINES_OF_A_FILE
        lines = len(text(path).splitlines())
        if lines > allowed:
            too_long.append(f"{path}: {lines} lines, {allowed} allowed")

    assert not too_long


def test_no_function_is_too_long_to_read():
    too_long = []
    for path in modules("config", *APPS):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LINES_OF_A_FUNCTION:
                    too_long.append(f"{path}:{node.lineno} {node.name}: {lines} lines")

    assert not too_long


def test_an_app_imports_only_the_apps_to_its_left():
    wrong = []
    for place, app in enumerate(APPS):
        to_its_right = set(APPS[place + 1 :])
        for path in modules(app):
            for line, name in imports(path):
                if name.split(".")[0] in to_its_right:
                    wrong.append(f"{path}:{line} imports {name}")

    assert not wrong


def test_pages_and_api_reach_rows_through_the_one_way_in():
    wrong = []
    for path in modules(*APPS):
        if path.stem in ("views", "api") or {"views", "api"} & set(path.parts):
            for node in ast.walk(parsed(path)):
                if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager"):
                    wrong.append(f"{path}:{node.lineno} uses .{node.attr}, not visible_to()")

    assert not wrong


def test_the_clock_is_read_only_at_the_door():
    wrong = []
    for path in modules(*APPS):
        if DOORS & {path.stem, *path.parts}:
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in CLOCKS:
                wrong.append(f"{path}:{node.lineno} reads {ast.unparse(node)}")

    assert not wrong


def test_pure_modules_know_no_database_and_no_settings():
    wrong = []
    for path in modules("ledger", "payouts"):
        if PURE.fullmatch(path.as_posix()):
            for line, name in imports(path):
                outside = name.split(".")[0] in ("django", "config", "celery", "rest_framework")
                if outside and not name.startswith(OF_WORDS):
                    wrong.append(f"{path}:{line} imports {name}")

    assert not wrong


def test_the_made_sample_knows_nothing_of_what_judges_it():
    wrong = [
        f"{path}:{line} imports {name}"
        for path in modules("ledger")
        if "sample" in path.parts or path.name == "make_sample.py"
        for line, name in imports(path)
        if name.split(".")[0] == "payouts"
    ]

    assert not wrong


def test_a_module_opens_by_saying_what_it_is_for():
    silent = [
        str(path)
        for path in modules("config", *APPS)
        if text(path).strip() and not ast.get_docstring(parsed(path)) and path.stem != "apps"
    ]

    assert not silent


def test_no_module_has_a_name_that_says_nothing():
    assert not [str(path) for path in modules() if path.name in NAMES_THAT_SAY_NOTHING]


def test_no_test_pretends_that_something_was_called():
    wrong = [
        f"{path}:{line}"
        for path in modules("tests")
        for line, name in imports(path)
        if name.split(".")[0] == "mock" or name.startswith("unittest.mock")
    ]

    assert not wrong


def test_lists_of_ids_are_sent_as_bigint():
    """As smaller integers, PostgreSQL compares every row with every one of them (D-044)."""
    uncast = [
        f"{path}:{number}"
        for path in modules(*APPS)
        for number, line in enumerate(text(path).splitlines(), 1)
        if re.search(r"ANY\(%(?!.*::(bigint|text)\[\])", line)
    ]

    assert not uncast
