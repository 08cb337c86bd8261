"""How a page names its script."""

import posixpath
import re
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

IMPORT = re.compile(r'^(?:import|}) ?.*?"(\./[^"]+)";$', re.MULTILINE)

register = template.Library()


@register.simple_tag
def script(name: str) -> SafeString:
    """A module of static/, for example {% script "js/portal.js" %}, and all that it imports asked for at once.

    A browser by itself learns of a module's imports only when it has that module: five rounds one after the other.
    """
    modules = _modules.__wrapped__(name) if settings.DEBUG else _modules(name)
    links = ((static(module),) for module in modules if module != name)
    return format_html(
        '<script type="module" src="{}"></script>{}',
        static(name),
        format_html_join("", '<link rel="modulepreload" href="{}">', links),
    )


@cache
def _modules(name: str) -> list[str]:
    """The module and everything that it needs, the nearest first."""
    found, after = [name], 0
    while after < len(found):
        folder = posixpath.dirname(found[after])
        text = Path(find(found[after]) or "").read_text()
        needed = (posixpath.normpath(posixpath.join(folder, path)) for path in IMPORT.findall(text))
        found += [module for module in dict.fromkeys(needed) if module not in found]
        after += 1
    return found
