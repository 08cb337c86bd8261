"""What people do with files in the browser tests, and where they see them."""

import base64
import re

# What a hand or a clipboard would bring, as the page gets it.
GIVEN = """
  files => {
    const data = new DataTransfer();
    for (const {name, type, content} of files) {
      data.items.add(new File([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], name, {type}));
    }
    return data;
  }
"""
PASTE = """
  (element, data) => {
    const event = new Event("paste", {bubbles: true, cancelable: true});
    return element.dispatchEvent(Object.assign(event, {clipboardData: data}));
  }
"""


def attach(page, *paths):
    page.locator("[data-files] input[type=file]").set_input_files(list(paths))


def given(page, paths, kind=""):
    files = [
        {"name": path.name, "type": kind, "content": base64.b64encode(path.read_bytes()).decode()} for path in paths
    ]
    return page.evaluate_handle(GIVEN, files)


def drop(target, *paths):
    data = given(target.page, paths)
    for event in ("dragenter", "dragover", "drop"):
        target.dispatch_event(event, {"dataTransfer": data})


def log(page):
    return page.get_by_role("log", name=re.compile("^Conversation"))


def sent(page):
    """The files of the thread."""
    return log(page).locator("[data-kind=file]")


def cards(page):
    """The files that are on their way, or were refused."""
    return page.get_by_role("list", name="Files being sent").get_by_role("listitem")


def bar(page, name):
    return page.get_by_role("progressbar", name=name)


def film(page, name):
    return log(page).locator(f'video[aria-label="{name}"]')
