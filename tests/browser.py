"""A headless Chromium for the tests of pages, driven by its DevTools protocol.

`Debian`'s package `chromium` is enough. Tests skip, and say so, where there is none.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE, NARROW = 1280, 390
THEMES = ("light", "dark")
_KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowRight": 39, "ArrowDown": 40, "+": 187}

OVERLAPS = """
(() => {
  const boxes = [];
  const clip = (element, box) => {
    for (let up = element; up && up !== document.documentElement; up = up.parentElement) {
      if (getComputedStyle(up).overflow === 'visible' || up.tagName === 'BODY') continue;
      const edge = up.getBoundingClientRect();
      box = {left: Math.max(box.left, edge.left), top: Math.max(box.top, edge.top),
             right: Math.min(box.right, edge.right), bottom: Math.min(box.bottom, edge.bottom)};
    }
    return box;
  };
  const add = (element, rects, what) => {
    if (element.closest('.skip, option, script, style, title') || !element.checkVisibility()) return;
    for (const rect of rects) {
      const box = clip(element, rect);
      if (box.right - box.left > 1 && box.bottom - box.top > 1) boxes.push({element, box, what});
    }
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    add(node.parentElement, range.getClientRects(), node.data.trim().slice(0, 30));
  }
  for (const control of document.querySelectorAll('input:not([type=hidden]), select, button, canvas'))
    add(control, [control.getBoundingClientRect()], control.tagName + ' ' + (control.name || control.id));
  const found = [];
  for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
    const [a, b] = [boxes[i], boxes[j]];
    if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
    const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
    const height = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
    if (width > 2 && height > 4) found.push(a.what + ' / ' + b.what);
  }
  return found.slice(0, 10);
})()
"""
"""Pairs of texts or controls that lie over each other, as JavaScript."""

CONTRASTS = """
(() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const part = (v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const behind = (element) => {
    for (let up = element; up; up = up.parentElement) {
      const colour = parse(getComputedStyle(up).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
      if (colour[3] > 0) throw new Error('a background that shines through');
    }
    return [255, 255, 255];
  };
  const faults = [];
  const check = (element, colour, what, least) => {
    const [a, b] = [light(colour), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < least) faults.push(`${what}: ${ratio.toFixed(2)}`);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest('script, style, option, title')) continue;
    if (!element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
    const large = size >= 24 || (bold && size >= 18.66);
    check(element, parse(style.color), node.data.trim().slice(0, 30), large ? 3 : 4.5);
  }
  for (const control of document.querySelectorAll('input[type=text], select, button'))
    check(control.parentElement, parse(getComputedStyle(control).borderTopColor),
          'border of ' + control.name, 3);
  return [...new Set(faults)].slice(0, 10);
})()
"""
"""Texts and borders of controls below the contrast of WCAG 2.2 AA (1.4.3 and 1.4.11), as JavaScript."""


class Page:
    """A tab.

    Attributes
    ----------
    errors
        Exceptions, and messages of the console that are errors or warnings.
    requests
        Addresses that were requested.
    """

    def __init__(self, address: str) -> None:
        import websocket

        self._socket = websocket.create_connection(address, suppress_origin=True, timeout=60)
        self._number = 0
        self.errors: list[str] = []
        self.requests: list[str] = []
        self._loaded = False
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> Any:
        """Call a method of the protocol and return its result."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == self._number:
                assert "error" not in message, message
                return message["result"]
            self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        method, params = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(params["exceptionDetails"])[:500])
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning"):
            self.errors.append(json.dumps(params["args"])[:500])
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.errors.append(params["entry"]["text"] + " " + params["entry"].get("url", ""))
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Page.loadEventFired":
            self._loaded = True

    def show(self, width: int, theme: str = "light", height: int = 900) -> None:
        """Set the window's width in pixels and the user's colours."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        feature = {"name": "prefers-color-scheme", "value": theme}
        self.call("Emulation.setEmulatedMedia", features=[feature])

    def layout_faults(self, width: int) -> list[str]:
        """Return what overlaps, passes the window's edge, or has too little contrast in a theme."""
        self.show(width)
        faults: list[str] = self.value(OVERLAPS)
        if not self.value("document.documentElement.scrollWidth <= innerWidth"):
            faults.append("the page is wider than the window")
        for theme in THEMES:
            self.show(width, theme)
            faults += self.value(CONTRASTS)
        return faults

    def open(self, url: str) -> None:
        """Load a page and wait for it."""
        self._loaded = False
        self.call("Page.navigate", url=url)
        self.loaded()

    def loaded(self) -> None:
        """Wait until the page that is opened now has loaded."""
        end = time.monotonic() + 60
        while not self._loaded:
            assert time.monotonic() < end, "the page did not load"
            self._note(json.loads(self._socket.recv()))

    def value(self, expression: str) -> Any:
        """Return the value of a JavaScript expression."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + 60
        while not self.value(f"!!({expression})"):
            assert time.monotonic() < end, (
                expression,
                self.value("document.body.innerText")[:2000],
            )
            time.sleep(0.05)

    def press(self, key: str) -> None:
        """Press a key."""
        text = {"Enter": "\r", "+": "+"}.get(key, "")
        event = {"key": key, "code": key, "windowsVirtualKeyCode": _KEYS[key]}
        self.call(
            "Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **event
        )
        self.call("Input.dispatchKeyEvent", type="keyUp", **event)

    def tab_to(self, test: str, most: int = 400) -> None:
        """Press Tab until the focused element, `e`, passes a test."""
        for _ in range(most):
            self.press("Tab")
            if self.value(f"((e) => !!({test}))(document.activeElement)"):
                return
        pytest.fail(f"Tab does not reach {test}")

    def type(self, text: str) -> None:
        """Type a text into the focused element."""
        self.call("Input.insertText", text=text)

    def submit(self) -> None:
        """Press Enter, and wait for the page that this opens."""
        self._loaded = False
        self.press("Enter")
        self.loaded()

    def drag(self, *places: tuple[float, float]) -> None:
        """Move the pointer from place to place with its button down."""
        for kind, (x, y) in [
            ("mousePressed", places[0]),
            *(("mouseMoved", place) for place in places[1:]),
            ("mouseReleased", places[-1]),
        ]:
            self.call(
                "Input.dispatchMouseEvent",
                type=kind,
                x=x,
                y=y,
                button="left",
                buttons=1,
                clickCount=1,
            )

    def picture(self, path: Path) -> None:
        """Write a picture of the window as PNG."""
        content = self.call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(content))


@contextmanager
def browser() -> Iterator[Page]:
    """Start Chromium; skip the test where there is none, or no client of its protocol."""
    program = next((path for name in NAMES if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip("no chromium (Debian: apt-get install chromium)")
    pytest.importorskip("websocket", reason="no websocket-client (pip install '.[test]')")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [
                program,
                "--headless=new",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                *(["--no-sandbox"] if os.getuid() == 0 else []),
                f"--user-data-dir={profile}",
                "--remote-debugging-port=0",
                "about:blank",
            ],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        try:
            yield Page(_first_tab(process))
        finally:
            process.terminate()
            process.wait(30)


def check_file(path: Path) -> None:
    """Check a page of a file: its layout at both widths, no error, no request but for files."""
    with browser() as page:
        for width in (WIDE, NARROW):
            page.show(width)
            page.open(path.as_uri())
            assert page.layout_faults(width) == []
        assert page.errors == []
        assert {url.partition(":")[0] for url in page.requests} == {"file"}


def _first_tab(process: subprocess.Popen[str]) -> str:
    """Return the address of the tab that the browser starts with."""
    assert process.stderr is not None
    for line in process.stderr:
        if "DevTools listening on" in line:
            port = line.split("127.0.0.1:")[1].split("/")[0]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
                tabs = [tab for tab in json.load(answer) if tab["type"] == "page"]
            return str(tabs[0]["webSocketDebuggerUrl"])
    raise AssertionError("chromium ended")
