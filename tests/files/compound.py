"""Compound files (OLE), written by hand: no library writes DOC or MSI. The names are those of Microsoft's [MS-CFB]."""

import struct
from functools import cache
from uuid import UUID

SECTOR = 512
MINI = 64
MINI_LIMIT = 4096
FREE, END, FAT_SECTOR, NOTHING = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
STORAGE, STREAM, ROOT = 1, 2, 5
WORD = UUID("00020906-0000-0000-c000-000000000046")
INSTALLER = UUID("000c1084-0000-0000-c000-000000000046")
SUMMARY = "\x05SummaryInformation"


class Parts:
    """What is being laid out: directory entries, sectors with their chains, and the small streams apart."""

    def __init__(self):
        self.entries, self.sectors, self.fat, self.mini, self.mini_fat = [], [], [], bytearray(), []

    def chain(self, content):
        """The number of the first of the sectors that now hold this."""
        first, count = len(self.sectors), -(-len(content) // SECTOR)
        self.sectors += [content[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(content), SECTOR)]
        self.fat += [*range(first + 1, first + count), END] if count else []
        return first if count else END

    def small_chain(self, content):
        first, count = len(self.mini_fat), -(-len(content) // MINI)
        self.mini += content.ljust(count * MINI, b"\0")
        self.mini_fat += [*range(first + 1, first + count), END]
        return first

    def store(self, content):
        return self.small_chain(content) if 0 < len(content) < MINI_LIMIT else self.chain(content)


def compound(tree, clsid=None):
    """A file of {name: bytes of a stream, or a dict of a storage}."""
    parts = Parts()
    parts.entries.append(None)
    child = add(parts, tree)
    start = parts.chain(bytes(parts.mini))
    root_id = clsid.bytes_le if clsid else bytes(16)
    parts.entries[0] = entry("Root Entry", ROOT, child=child, start=start, size=len(parts.mini), clsid=root_id)
    mini_fat = packed(parts.mini_fat)
    mini_fat_at = parts.chain(mini_fat)
    directory_at = parts.chain(b"".join(parts.entries).ljust(-(-len(parts.entries) // 4) * SECTOR, b"\0"))
    return with_header(parts, directory_at, mini_fat_at, len(mini_fat) // SECTOR)


def add(parts, tree):
    """Lay out a storage's members as a balanced tree; the number of its root, or NOTHING."""
    return branch(parts, sorted(tree.items(), key=lambda item: (len(item[0]), item[0].upper())))


def branch(parts, items):
    if not items:
        return NOTHING
    middle = len(items) // 2
    name, content = items[middle]
    number = len(parts.entries)
    parts.entries.append(None)
    sides = {"left": branch(parts, items[:middle]), "right": branch(parts, items[middle + 1 :])}
    if isinstance(content, dict):
        parts.entries[number] = entry(name, STORAGE, child=add(parts, content), **sides)
    else:
        parts.entries[number] = entry(name, STREAM, start=parts.store(content), size=len(content), **sides)
    return number


def entry(name, kind, left=NOTHING, right=NOTHING, child=NOTHING, start=0, size=0, clsid=bytes(16)):
    encoded = name.encode("utf-16-le") + b"\0\0"
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBB3I", len(encoded), kind, 1, left, right, child)
        + clsid
        + struct.pack("<I8s8sIQ", 0, b"", b"", start, size)
    )


def packed(numbers):
    """A table of sectors, filled up to whole sectors."""
    content = struct.pack(f"<{len(numbers)}I", *numbers)
    return content.ljust(-(-len(content) // SECTOR) * SECTOR, b"\xff")


def with_header(parts, directory_at, mini_fat_at, mini_fat_count):
    count = 1
    while count * SECTOR // 4 < len(parts.fat) + count:
        count += 1
    first = len(parts.sectors)
    fat = packed(parts.fat + [FAT_SECTOR] * count)
    header = struct.pack(
        "<8s16s5H6x9I",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6),
        *(0, count, directory_at, 0, MINI_LIMIT, mini_fat_at, mini_fat_count, END, 0),
    )
    tables = struct.pack(f"<{count}I", *range(first, first + count)).ljust(436, b"\xff")
    return header + tables + b"".join(parts.sectors) + fat


def summary(**texts):
    """A property set; its texts by the names that Windows shows."""
    numbers = {"title": 2, "author": 4, "template": 7, "program": 18}
    body, index = b"", b""
    for name, text in texts.items():
        value = text.encode() + b"\0"
        index += struct.pack("<II", numbers[name], 8 + 8 * len(texts) + len(body))
        body += struct.pack("<II", 30, len(value)) + value.ljust(-(-len(value) // 4) * 4, b"\0")
    section = struct.pack("<II", 8 + len(index) + len(body), len(texts)) + index + body
    form = UUID("f29f85e0-4ff9-1068-ab91-08002b27b3d9").bytes_le
    return struct.pack("<HHI16sI", 0xFFFE, 0, 0x00020006, b"", 1) + form + struct.pack("<I", 48) + section


def doc_parts(flags=0x1200):
    """The streams of a Word document: its head names the version, the flags and where the text lies."""
    text = b"The printer on the second floor is out of paper.\r"
    head = struct.pack("<5HHHI", 0xA5EC, 0x00C1, 0x3FFF, 0x0409, 0, flags, 0x00BF, 0).ljust(0x200, b"\0")
    return {
        "WordDocument": (head + text).ljust(6000, b"\0"),
        "1Table": bytes(5000),
        SUMMARY: summary(title="Paper", author="Ann", program="Microsoft Office Word"),
    }


@cache
def doc():
    return compound(doc_parts(), WORD)


def msi_name(name):
    """The name of a table's stream: two letters in each character, as Windows Installer packs them."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._"
    packed_name, rest = "\u4840", [letters.index(letter) for letter in name]
    for at in range(0, len(rest) - 1, 2):
        packed_name += chr(0x3800 + rest[at] + (rest[at + 1] << 6))
    return packed_name + (chr(0x4800 + rest[-1]) if len(rest) % 2 else "")


def msi_parts():
    return {
        msi_name("_StringPool"): bytes(800),
        msi_name("_StringData"): b"ProductNameHelpdesk Agent" * 30,
        msi_name("Property"): bytes(400),
        "agent.cab": b"MSCF" + bytes(9000),
        SUMMARY: summary(title="Installation Database", template="Intel;1033", program="Windows Installer"),
    }


@cache
def msi():
    return compound(msi_parts(), INSTALLER)


@cache
def large_msi():
    """With a cabinet of some megabytes, and many tables."""
    tables = {msi_name(f"Table{number}"): bytes(20 + number * 100) for number in range(60)}
    return compound(msi_parts() | tables | {"agent.cab": b"MSCF" + bytes(range(256)) * 12_000}, INSTALLER)


@cache
def short_doc():
    """All of it in small streams."""
    parts = doc_parts()
    return compound(parts | {"WordDocument": parts["WordDocument"][:1000], "1Table": bytes(300)}, WORD)
