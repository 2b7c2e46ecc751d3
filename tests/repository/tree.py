"""The project's files, as the rules about the code see them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ["config", "workers", "ledger", "payouts", "tests", "docs", ".ci"]
TEXT = {".py", ".html", ".css", ".js", ".txt", ".in", ".md", ".toml", ".svg", ".json", ""}
APPS = ["workers", "ledger", "payouts"]  # each imports those to its left


def texts() -> list[Path]:
    """Return every text file that belongs to the project, by its path from the top."""
    found = [path for path in ROOT.iterdir() if path.is_file()]
    for folder in FOLDERS:
        found += (path for path in (ROOT / folder).rglob("*") if path.is_file())
    kept = (path.relative_to(ROOT) for path in found if path.suffix in TEXT)
    return sorted(path for path in kept if "__pycache__" not in path.parts)


def modules(*folders: str) -> list[Path]:
    """Return the Python files in these folders (all, if none is named), migrations left out."""
    return [
        path
        for path in texts()
        if path.suffix == ".py"
        and "migrations" not in path.parts
        and (not folders or path.parts[0] in folders)
    ]


def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(text(path), filename=str(path))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, name of the module) of each import, also of those inside functions."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
