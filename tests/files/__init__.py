"""Samples of every type of file that can be sent, written by the libraries that people's programs are made of.

Each writer returns bytes and writes its sample once in a process. `honest` puts one into a folder.
"""

from pathlib import Path

from tests.files import compound, documents, films, pictures, sounds

MB = 1024 * 1024
HONEST = {
    "pdf": documents.pdf,
    "doc": compound.doc,
    "docx": documents.docx,
    "xls": documents.xls,
    "xlsx": documents.xlsx,
    "msi": compound.msi,
    "mp3": sounds.mp3,
    "mp4": films.mp4,
    "png": pictures.png,
    "jpeg": pictures.jpeg,
    "jpg": pictures.jpeg,
    "gif": pictures.gif,
    "webp": pictures.webp,
}
BIG = {"mp3": sounds.long_mp3, "mp4": films.big_mp4}


def honest(kind, folder, name=None):
    """A sound file of this kind ("mp4", "jpg"…) in this folder, under this name or as sample.<kind>."""
    return put(HONEST[kind](), folder, name or f"sample.{kind}")


def big(kind, folder, megabytes, name=None):
    """A sound "mp3" or "mp4" of this many MB or a little more."""
    return put(BIG[kind](int(megabytes * MB)), folder, name or f"big.{kind}")


def put(content, folder, name):
    path = Path(folder) / name
    path.write_bytes(content)
    return path
