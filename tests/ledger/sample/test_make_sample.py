"""The command is a thin door: the same files as the function, and a plain word about a bad size."""

import pytest
from django.core.management import CommandError, call_command

from ledger.management.commands.make_sample import Command
from ledger.sample.writing import write_sample


def test_the_command_writes_what_the_function_writes(tmp_path):
    write_sample(tmp_path / "one", seed=5, workers=60, weeks=9)
    call_command(Command(), out=tmp_path / "two", seed=5, workers=60, weeks=9)

    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_the_command_writes_a_plain_file_of_any_size(tmp_path):
    call_command(Command(), out=tmp_path, plain=True, rows=500, workers=10)

    assert len((tmp_path / "bench-work.csv").read_text().splitlines()) == 501


def test_the_command_says_why_a_size_is_refused(tmp_path):
    with pytest.raises(CommandError, match="workers must be at least 60, got 3"):
        call_command(Command(), out=tmp_path, workers=3)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}
