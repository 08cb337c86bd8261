"""Rules of the house that a machine can hold. A failure lists every place, and says what to write instead."""

import ast
import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import BooleanField, DateField, DateTimeField
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("accounts", "devices", "tickets", "chat", "helpdesk")
FROM_DJANGO = {"last_login", "date_joined"}
LONGEST_FUNCTION = 40
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
WAITS = {
    "sleep": "wait for what should happen: expect(…), a queue with a timeout; or move the clock",
    "wait_for_timeout": "wait for what should happen: expect(…)",
    "wait_for_function": "the CSP refuses eval: use expect(…)",
}
IN_TEMPLATES = {
    r"\sstyle\s*=": "the CSP refuses inline styles: write a class, or SVG attributes",
    r"<style\b": "the CSP refuses inline styles: write into static/css",
    r"<script\b(?![^>]*\ssrc=)": "the CSP refuses inline scripts: write a module in static/js",
    r"\s(hx-)?on[a-z:-]+\s*=": "the CSP refuses handlers in attributes: listen in a module in static/js",
    r"javascript:": "the CSP refuses scripts in addresses: use a button and a module in static/js",
}


def files(*patterns):
    """Our own files, without migrations and without what others wrote."""
    folders = [ROOT / name for name in (*ROOMS, "templates", "static", "tests")]
    found = {path for folder in folders for pattern in patterns for path in folder.rglob(pattern)}
    return sorted(path for path in found if not {"migrations", "vendor", "__pycache__"} & set(path.parts))


def functions(pattern):
    for path in files(pattern):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def calls(function):
    """The last name and the node of everything that a function calls."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", "")), node


def at(path, line, sentence):
    return f"{path.relative_to(ROOT)}:{line}: {sentence}"


def refuse(places):
    if listed := sorted(set(places)):
        pytest.fail("\n".join(listed), pytrace=False)


def test_fields_are_named_after_what_they_hold():
    refuse(sentence for model in apps.get_models() for sentence in misnamed(model))


def misnamed(model):
    own = model.__module__.split(".")[0] in ROOMS
    for field in model._meta.local_fields if own else ():
        where = f"{model.__module__}.{model.__name__}.{field.name}"
        if isinstance(field, DateTimeField):
            if not field.name.endswith("_at") and field.name not in FROM_DJANGO:
                yield f"{where}: the name of a moment ends in _at"
        elif isinstance(field, DateField) and not field.name.endswith("_on"):
            yield f"{where}: the name of a date ends in _on"
        elif isinstance(field, BooleanField) and not field.name.startswith(("is_", "has_", "can_")):
            yield f"{where}: the name of a yes or no begins with is_, has_ or can_"


def test_templates_hold_no_inline_style_or_script():
    texts = [(path, path.read_text()) for path in files("*.html")]
    refuse(
        at(path, text.count("\n", 0, hit.end()) + 1, sentence)
        for path, text in texts
        for pattern, sentence in IN_TEMPLATES.items()
        for hit in re.finditer(pattern, text)
    )


def test_partial_templates_say_what_they_need():
    sentence = "begin with {# What it shows. Needs: the names it reads, or nothing. #}"
    firsts = [(path, path.read_text().partition("\n")[0]) for path in files("_*.html")]
    refuse(at(path, 1, sentence) for path, first in firsts if not re.fullmatch(r"\{# .*Needs: .+ #\}", first))


def test_nothing_is_left_unfinished():
    refuse(
        at(path, number, "do it now, or file an issue; no marks in the code")
        for path in files("*.py", "*.html", "*.js", "*.css")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if UNFINISHED.search(line)
    )


def test_functions_are_short():
    sizes = [(path, f, f.end_lineno - f.lineno + 1) for path, f in functions("*.py")]
    refuse(
        at(path, f.lineno, f"{f.name} has {size} lines, more than {LONGEST_FUNCTION}: it wants another shape")
        for path, f, size in sizes
        if size > LONGEST_FUNCTION
    )


def test_every_view_says_which_methods_it_answers():
    refuse(
        f"{view.__module__}.{view.__name__}: put @require_GET, @require_POST or @require_safe on it"
        for view in views(get_resolver())
        if view.__module__.split(".")[0] in ROOMS and not says_its_methods(view)
    )


def views(resolver):
    for pattern in resolver.url_patterns:
        yield from views(pattern) if hasattr(pattern, "url_patterns") else [pattern.callback]


def says_its_methods(view):
    decorators = inspect.getsource(inspect.unwrap(view)).partition("def ")[0]
    says = re.search(r"@(method_decorator\()?require_", decorators)
    return says or hasattr(view, "view_class") or hasattr(view, "model_admin")


def test_tests_wait_for_something_and_not_for_a_time():
    refuse(
        at(path, call.lineno, WAITS[name])
        for path, function in functions("test_*.py")
        for name, call in calls(function)
        if name in WAITS
    )


def test_every_test_claims_something():
    refuse(
        at(path, f.lineno, f"{f.name} asserts nothing: it would pass if the code were broken")
        for path, f in functions("test_*.py")
        if f.name.startswith("test_") and not claims(f)
    )


def claims(test):
    asserts = any(isinstance(node, ast.Assert) for node in ast.walk(test))
    return asserts or any(re.search(r"assert|^(expect|raises|fail|refuse|hold)", name) for name, _ in calls(test))
