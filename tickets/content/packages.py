"""DOCX and XLSX: a zip archive whose list of contents names a main part of the right kind.

Allowed: pictures, embedded documents and objects, links to elsewhere, signatures; strict and transitional files.
Not allowed: macros wherever they are, templates under a document's name, archives that are something else too.
"""

import posixpath
from mmap import mmap
from xml.parsers import expat  # no document type, so no entities, and no tree: see _elements

from accounts.file_types import FileType
from tickets.content.archives import MAX_ENTRIES, START, Archive, open_archive, read
from tickets.content.compound import MAGIC as COMPOUND
from tickets.content.compound import is_locked_package
from tickets.content.facts import Facts
from tickets.refusals import Refusal, Refused

CONTENTS = "[Content_Types].xml"
RELATIONS = "_rels/.rels"
OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN = {
    FileType.DOCX: OFFICE + "wordprocessingml.document.main+xml",
    FileType.XLSX: OFFICE + "spreadsheetml.sheet.main+xml",
}
MAX_LIST_BYTES = 2 * 1024 * 1024
# One for each entry, and those around them.
MAX_ELEMENTS = MAX_ENTRIES + 100
MACROS_IN_TYPES = ("macroenabled", "vbaproject", "macrosheet", "vbadata")
# What makes a program, or another kind of document, of an archive.
OTHERS = ("meta-inf/", "androidmanifest.xml", "classes.dex", "mimetype")


def examine_docx(view: mmap) -> Facts:
    """Raises Refused: MISMATCH, DAMAGED, ENCRYPTED, MACROS or PACKED."""
    return _examine(view, FileType.DOCX)


def examine_xlsx(view: mmap) -> Facts:
    """Raises Refused: MISMATCH, DAMAGED, ENCRYPTED, MACROS or PACKED."""
    return _examine(view, FileType.XLSX)


def _examine(view: mmap, file_type: FileType) -> Facts:
    if view[:8] == COMPOUND and is_locked_package(view):
        raise Refused(Refusal.ENCRYPTED)
    if view[:4] != START:
        raise Refused(Refusal.MISMATCH)
    archive = open_archive(view)
    names = {name.lower() for name in archive.names}
    if CONTENTS not in archive.entries or any(name.startswith(OTHERS) for name in map(str.lower, archive.entries)):
        raise Refused(Refusal.MISMATCH)
    by_part, by_ending = _content_types(archive)
    _check_macros(names, {*by_part.values(), *by_ending.values()})
    part = _main_part(archive)
    kind = by_part.get(part.lower()) or by_ending.get(part.rpartition(".")[2].lower())
    if kind != MAIN[file_type].lower():
        raise Refused(Refusal.MISMATCH)
    if part.lstrip("/") not in archive.entries:
        raise Refused(Refusal.DAMAGED)
    return Facts()


def _check_macros(names: set[str], kinds: set[str]) -> None:
    in_names = any(name.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in name for name in names)
    if in_names or any(word in kind for kind in kinds for word in MACROS_IN_TYPES):
        raise Refused(Refusal.MACROS)


def _content_types(archive: Archive) -> tuple[dict[str, str], dict[str, str]]:
    """The kinds of parts, by their names and by their endings, all in small letters."""
    by_part, by_ending = {}, {}
    for name, attributes in _elements(read(archive, CONTENTS, MAX_LIST_BYTES)):
        kind = attributes.get("ContentType", "").lower()
        if name == "Override":
            by_part[attributes.get("PartName", "").lower()] = kind
        elif name == "Default":
            by_ending[attributes.get("Extension", "").lower()] = kind
    return by_part, by_ending


def _main_part(archive: Archive) -> str:
    """The one document that a reader opens, as "/word/document.xml". Raises Refused(MISMATCH) for none, or many."""
    if RELATIONS not in archive.entries:
        raise Refused(Refusal.MISMATCH)
    targets = [
        attributes.get("Target", "")
        for name, attributes in _elements(read(archive, RELATIONS, MAX_LIST_BYTES))
        if name == "Relationship" and attributes.get("Type", "").endswith("/officeDocument")
    ]
    if len(targets) != 1:
        raise Refused(Refusal.MISMATCH)
    return posixpath.normpath(posixpath.join("/", targets[0]))


def _elements(content: bytes) -> list[tuple[str, dict[str, str]]]:
    """Each element's name, without its namespace, and its attributes. Raises Refused(DAMAGED) for what is not XML."""
    found: list[tuple[str, dict[str, str]]] = []

    def refuse(*_args: object) -> None:
        raise Refused(Refusal.DAMAGED)

    def keep(name: str, attributes: dict[str, str]) -> None:
        if len(found) == MAX_ELEMENTS:
            raise Refused(Refusal.PACKED)
        found.append((name.rpartition(":")[2], attributes))

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = keep
    try:
        parser.Parse(content, True)
    except expat.ExpatError as reason:
        raise Refused(Refusal.DAMAGED) from reason
    return found
