"""PDF: a sound frame around its objects; what is drawn is the reader's business.

Allowed: later changes appended to it, as signing does, and a first part made for the web (several %%EOF); scripts,
forms and attachments inside, because readers ask before they do anything with them; white space and zeros at the end.
"""

import re
from mmap import mmap

from tickets.content.facts import Facts
from tickets.refusals import Refusal, Refused

BLANK = b" \t\r\n\f\0"
END = b"%%EOF"
# The end says where the cross-reference is; a few bytes, with room for comments.
NEAR = 2048
ENCRYPT = re.compile(rb"/Encrypt\s{0,32}(?:\d{1,10}\s{1,32}\d{1,10}\s{1,32}R|<<)")
GOES_ON = re.compile(rb"[\s\0]{0,64}(?:\d{1,10}\s{1,8}\d{1,10}\s{1,8}obj|xref|%)")


def examine_pdf(view: mmap) -> Facts:
    """Raises Refused: MISMATCH, DAMAGED or ENCRYPTED."""
    if view[:5] != b"%PDF-":
        raise Refused(Refusal.MISMATCH)
    end = view.rfind(END)
    if end < 0:
        raise Refused(Refusal.DAMAGED)
    _check_rest(view, end + len(END))
    if view.rfind(b"startxref", max(0, end - NEAR), end) < 0 or view.find(b"/Root") < 0 or view.find(b"obj") < 0:
        raise Refused(Refusal.DAMAGED)
    # Only a trailer and the head of a cross-reference stream hold it, and those are never compressed.
    if ENCRYPT.search(view):
        raise Refused(Refusal.ENCRYPTED)
    return Facts()


def _check_rest(view: mmap, start: int) -> None:
    """What follows the last end: nothing. When it goes on as a PDF, it was cut; when it does not, it is two files."""
    for at in range(start, len(view), NEAR):
        if view[at : at + NEAR].strip(BLANK):
            cut = GOES_ON.match(view, start)
            raise Refused(Refusal.DAMAGED if cut else Refusal.MISMATCH)
