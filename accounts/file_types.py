"""The types of files that can be sent (S16). Which of them are allowed is a setting."""

from django.db import models

# 20 times 1024 times 1024 bytes a file, whatever the settings say (S16).
HARD_LIMIT_MB = 20
BYTES_PER_MB = 1024 * 1024


class FileType(models.TextChoices):
    """A type by its key; the label is what people call it."""

    PDF = "pdf", "PDF"
    DOC = "doc", "DOC"
    DOCX = "docx", "DOCX"
    XLS = "xls", "XLS"
    XLSX = "xlsx", "XLSX"
    MSI = "msi", "MSI"
    MP3 = "mp3", "MP3"
    MP4 = "mp4", "MP4"
    PNG = "png", "PNG"
    JPEG = "jpeg", "JPEG"
    GIF = "gif", "GIF"
    WEBP = "webp", "WebP"


# By what a name ends with. What is not here has no type, and cannot be sent.
ENDINGS = {choice.value: choice for choice in FileType} | {"jpg": FileType.JPEG}

# As what a browser gets it.
CONTENT_TYPES = {
    FileType.PDF: "application/pdf",
    FileType.DOC: "application/msword",
    FileType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileType.XLS: "application/vnd.ms-excel",
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileType.MSI: "application/x-msi",
    FileType.MP3: "audio/mpeg",
    FileType.MP4: "video/mp4",
    FileType.PNG: "image/png",
    FileType.JPEG: "image/jpeg",
    FileType.GIF: "image/gif",
    FileType.WEBP: "image/webp",
}
PICTURES = {FileType.PNG, FileType.JPEG, FileType.GIF, FileType.WEBP}


def type_of(name: str) -> FileType | None:
    """The type that a file's name promises by its end, in whatever case; None when it promises none of ours."""
    _stem, dot, ending = name.rpartition(".")
    return ENDINGS.get(ending.lower()) if dot else None
