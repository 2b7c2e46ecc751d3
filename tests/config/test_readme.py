"""The README's list of commands says of each what `--help` says."""

import re

import pytest
from django.core.management import get_commands, load_command_class

from tests.repository.tree import ROOT
from workers import currencies

LINES = [
    re.split(r"\s{2,}", line)[0].split()
    for line in re.findall(r"^    manage\.py (.+)$", (ROOT / "README.md").read_text(), re.M)
]


@pytest.mark.parametrize("words", LINES, ids=lambda words: words[0])
def test_a_command_takes_what_the_readme_gives_it(words):
    named = [word for word in words if word in get_commands()]
    parsers = [load_command_class(get_commands()[one], one).create_parser("", one) for one in named]
    actions = [action for parser in parsers for action in parser._actions]
    options = {option for action in actions for option in action.option_strings}
    needed = {
        (action.metavar or action.dest).upper() for action in actions if not action.option_strings
    }
    before = words[: next((at for at, word in enumerate(words) if "--" in word), len(words))]
    given = set(re.findall(r"\b[A-Z]{2,}\b", " ".join(before)))

    assert named
    assert set(re.findall(r"--[a-z-]+", " ".join(words))) <= options
    assert given - currencies.known() <= needed
