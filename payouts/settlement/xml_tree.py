"""Reads hostile XML safely into a small tree: no DTD, no entity, no depth, nothing from outside.

Expat itself is asked (through the standard library) with handlers that refuse; it parses what it is
given and never opens anything. Names are without their namespace: versions differ in little else.
"""

from sys import intern
from xml.parsers import expat

from ledger.importers.reading import UnreadableFile

MAX_DEPTH = 64
MAX_NODES = 4_000_000
MAX_ATTRIBUTE = 2_000
MAX_TEXT = 20_000
MEND = "Ask the bank for the file again as it writes it"
NOTHING: dict[str, str] = {}
ENCODINGS = ("utf-8", "us-ascii", "iso-8859-1", "utf-16")


class Node:
    """One element: its name, its text, its attributes, and the elements inside it."""

    __slots__ = ("attributes", "children", "line", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name, self.attributes, self.line = name, attributes, line
        self.text = ""
        self.children: list[Node] | tuple[()] = ()  # most have none, and a list takes space

    def add(self, child: "Node") -> None:
        """Put an element inside this one, behind those that are there."""
        if isinstance(self.children, list):
            self.children.append(child)
        else:
            self.children = [child]

    def all(self, name: str) -> list["Node"]:
        """Return the elements of this name directly below."""
        return [child for child in self.children if child.name == name]

    def at(self, path: str) -> "Node | None":
        """Return the first element at a path of names ("Refs/EndToEndId"), or None."""
        first, _, rest = path.partition("/")
        for child in self.children:
            if child.name == first:
                found = child.at(rest) if rest else child
                if found is not None:
                    return found
        return None

    def said(self, *paths: str) -> str:
        """Return the text at the first of these paths that has any; "" if none has."""
        for path in paths:
            found = self.at(path)
            if found is not None and found.text.strip():
                return found.text.strip()
        return ""


def parse(content: bytes) -> Node:
    """Return the root element. Raises UnreadableFile for what is not plain, well-formed XML."""
    return _Building().build(content)


class _Building:
    def __init__(self) -> None:
        self.open: list[Node] = []
        self.root: Node | None = None
        self.nodes = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.said
        self.parser.StartDoctypeDeclHandler = self.refuse_doctype
        self.parser.EntityDeclHandler = self.refuse_doctype
        self.parser.ExternalEntityRefHandler = self.refuse_entity
        self.parser.XmlDeclHandler = self.declared

    def build(self, content: bytes) -> Node:
        try:
            self.parser.Parse(content, True)
        except expat.ExpatError as error:
            raise UnreadableFile(
                f"line {error.lineno}: {expat.errors.messages.get(error.code, error.code)}",
                "XML is well formed",
                MEND,
            ) from None
        except (ValueError, LookupError) as error:
            if isinstance(error, UnreadableFile):
                raise
            raise UnreadableFile("its encoding", "XML is in UTF-8", MEND) from None
        assert self.root is not None  # expat refuses a document without an element
        return self.root

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.nodes += 1
        line = self.parser.CurrentLineNumber
        if len(self.open) >= MAX_DEPTH or self.nodes > MAX_NODES:
            raise UnreadableFile(
                f"line {line}: more than {MAX_DEPTH} elements inside one another, or too many",
                f"a bank's file nests at most {MAX_DEPTH} deep and has at most {MAX_NODES:,}",
                MEND,
            )
        if any(len(value) > MAX_ATTRIBUTE for value in attributes.values()):
            raise UnreadableFile(
                f"line {line}: an attribute of more than {MAX_ATTRIBUTE:,} characters",
                "attributes here hold a currency code",
                MEND,
            )
        node = Node(intern(name.rpartition(" ")[2]), attributes or NOTHING, line)
        if not self.open:
            self.root = node
            node.attributes = {**attributes, "xmlns": name.rpartition(" ")[0]}
        else:
            self.open[-1].add(node)
        self.open.append(node)

    def end(self, name: str) -> None:
        node = self.open.pop()
        if node.children:
            node.text = ""  # blanks between elements

    def said(self, text: str) -> None:
        node = self.open[-1]
        if len(node.text) < MAX_TEXT:
            node.text += text

    def declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ENCODINGS:
            raise UnreadableFile(
                f"the encoding {encoding[:40]}", f"XML is in one of {', '.join(ENCODINGS)}", MEND
            )

    def refuse_doctype(self, *args: object) -> None:
        raise UnreadableFile(
            f"line {self.parser.CurrentLineNumber}: a document type or an entity of its own",
            "a bank's file declares neither: they are how XML attacks its readers",
            MEND,
        )

    def refuse_entity(self, *args: object) -> int:
        self.refuse_doctype()
        return 0
