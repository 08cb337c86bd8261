"""Pictures, written by Pillow: 64 × 48, with something on them."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

SIZE = (64, 48)


def drawn(step=0, size=SIZE):
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    ImageDraw.Draw(picture).rectangle((5 + step, 5, 25 + step, 25), fill=(200, 30 + step, 60))
    return picture


def saved(picture, form, **options):
    sink = BytesIO()
    picture.save(sink, form, **options)
    return sink.getvalue()


def moving(form, **options):
    steps = [drawn(step) for step in range(0, 30, 10)]
    return saved(steps[0], form, save_all=True, append_images=steps[1:], duration=100, loop=0, **options)


@cache
def png(size=SIZE):
    return saved(drawn(size=size), "PNG")


@cache
def jpeg():
    return saved(drawn(), "JPEG")


@cache
def progressive_jpeg():
    return saved(drawn(), "JPEG", progressive=True)


@cache
def jpeg_of_a_camera(orientation=6):
    """With EXIF that turns it by a quarter, and a picture for previews inside its EXIF as cameras write it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(drawn(), "JPEG", exif=exif)


@cache
def jpeg_with_more_pictures():
    """A multi-picture file, as phones write it: whole JPEGs after the first one, named by an index in it."""
    return saved(drawn(), "MPO", save_all=True, append_images=[drawn(10)])


@cache
def gif():
    return saved(drawn(), "GIF")


@cache
def moving_gif():
    return moving("GIF", comment=b"three steps")


@cache
def webp():
    return saved(drawn(), "WEBP")


@cache
def lossless_webp():
    return saved(drawn(), "WEBP", lossless=True)


@cache
def moving_webp():
    return moving("WEBP")


@cache
def moving_png():
    return moving("PNG")


@cache
def heic():
    """An AVIF, which has the same boxes as a HEIC, with the brand of one."""
    return saved(drawn(), "AVIF").replace(b"ftypavif", b"ftypheic", 1)
