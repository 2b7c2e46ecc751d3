"""Rules about what lies in the tree: requirements, lock files, leftovers."""

import re
import subprocess

import pytest

from tests.repository.tree import ROOT, text, texts

REGISTRIES = [  # in two parts, so that this file is not found by its own test
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("crates", "io"),
    ("golang", "org"),
    ("debian", "org"),
    ("docker", "io"),
]
LEFTOVER = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b")
DOCUMENT = re.compile(r"[\w./-]*\w\.md\b")
LOCKS = ["requirements.txt", "requirements-dev.txt"]


def test_no_registry_is_named():
    hosts = re.compile("|".join(rf"{name}\.{top}" for name, top in REGISTRIES))
    found = [
        f"{path}:{number}"
        for path in texts()
        for number, line in enumerate(text(path).splitlines(), 1)
        if hosts.search(line)
    ]

    assert not found


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_says_nothing_of_where_packages_come_from(lock):
    options = [line for line in (ROOT / lock).read_text().splitlines() if line.startswith("-")]

    assert not options


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash(lock):
    packages = re.split(r"^(?=[A-Za-z])", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]

    assert packages
    assert not [entry.split()[0] for entry in packages if "--hash=sha256:" not in entry]


@pytest.mark.parametrize("source", ["requirements.in", "requirements-dev.in"])
def test_each_requirement_has_a_line_saying_why(source):
    lines = (ROOT / source).read_text().splitlines()
    wanted = [line for line in lines if line.strip() and not line.startswith(("#", "-r"))]

    assert wanted
    assert not [line for line in wanted if not re.search(r"  # \w.{9,}", line)]


def test_each_requirement_is_locked_in_both_files():
    lines = (ROOT / "requirements.in").read_text().splitlines()
    names = {
        re.match(r"[A-Za-z_-]+", line)[0].lower().replace("_", "-")
        for line in lines
        if line[:1].isalpha()
    }
    for lock in LOCKS:
        locked = set(re.findall(r"^([A-Za-z0-9-]+)==", (ROOT / lock).read_text(), re.MULTILINE))

        assert names <= locked


def test_the_two_lock_files_agree():
    versions = [
        dict(re.findall(r"^([A-Za-z0-9-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))
        for lock in LOCKS
    ]

    assert versions[0].items() <= versions[1].items()


def test_nothing_is_left_for_later_in_the_code():
    found = [
        f"{path}:{number}"
        for path in texts()
        for number, line in enumerate(text(path).splitlines(), 1)
        if LEFTOVER.search(line)
    ]

    assert not found


def test_every_document_that_is_named_is_there():
    """By its path from the top, or from the folder of the file that names it."""
    gone = [
        f"{path}:{number} names {name}"
        for path in texts()
        for number, line in enumerate(text(path).splitlines(), 1)
        for name in DOCUMENT.findall(line)
        if not (ROOT / name).is_file() and not (ROOT / path.parent / name).is_file()
    ]

    assert not gone


def test_what_a_run_makes_is_not_kept():
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone: there is no git folder to ask")
    kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    made = re.compile(r"(^|/)(var|\.venv|__pycache__|\.mypy_cache)/|\.(sqlite3|pyc)$|^\.env$")

    assert not [path for path in kept.stdout.splitlines() if made.search(path)]
