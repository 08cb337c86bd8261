"""How the browsers of this machine are started; each gives None where its program is missing."""

import shutil

from tests.run import CHROMIUM, FIREFOX

# Each window would start a renderer of its own for what falls down from the address bar, and nobody types there: that
# was half of what a context cost. The last list of features wins, so what Playwright switches off is named again.
SWITCHED_OFF = [
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "Translate",
]
CHROMIUM_WORDS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(SWITCHED_OFF)}",
    # The browser stays on this machine too.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
FIREFOX_WISHES = {
    # The browser stays on this machine too: whatever it would fetch goes to a port where nobody listens.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
}


def chromium(playwright):
    found = _first(CHROMIUM)
    return found and playwright.chromium.launch(executable_path=found, args=CHROMIUM_WORDS)


def firefox(playwright):
    """Firefox as people have it, over WebDriver BiDi; Playwright's own build is another one."""
    found = _first(FIREFOX)
    wishes = {"channel": "moz-firefox", "firefox_user_prefs": FIREFOX_WISHES}
    return found and playwright.firefox.launch(executable_path=found, **wishes)


def _first(programs):
    return next(filter(None, map(shutil.which, programs)), None)
