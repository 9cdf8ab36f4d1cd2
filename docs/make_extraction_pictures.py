"""Draw what the extractors take of `docs/pages/*.html`: pictures for docs/extraction.md.

Usage: python docs/make_extraction_pictures.py [CHROMIUM]

It needs Chromium (Debian's package `chromium`) and Pillow. Text that is taken is marked green; other text is
struck through. Each picture has the page twice: as `--extractor resiliparse` takes it, and as `main` does.
"""

from __future__ import annotations

import html
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

sys.path.insert(0, str(Path(__file__).parents[1]))

from udfs.extract.html import extract

DOCS = Path(__file__).parent
CAPTIONS = {"resiliparse": "--extractor resiliparse", "main": "--extractor main"}
WIDTH, HEIGHT, COLOURS = 640, 1400, 24
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--hide-scrollbars", "--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
)
# marks each run of text in one block by whether its text is a line, or in a line, of what was taken
SCRIPT = """
const plain = text => text.replace(/^\\s*(•|\\d+\\.)\\s/, "").replace(/\\s+/g, " ").trim();
const lines = TAKEN.map(plain).filter(line => line);
const block = element => {
  while (getComputedStyle(element).display.startsWith("inline")) element = element.parentElement;
  return element;
};
const runs = new Map();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode;
  if (!node.data.trim() || node.parentElement.closest("script, style")) continue;
  const cell = node.parentElement.closest("tr");
  const owner = cell || block(node.parentElement);
  runs.set(owner, [...(runs.get(owner) || []), node]);
}
for (const [owner, nodes] of runs) {
  const pre = owner.closest("pre");
  const between = owner.tagName == "TR" ? " " : "";
  const whole = plain(pre ? pre.textContent.trim().split("\\n")[0] : nodes.map(n => n.data).join(between));
  for (const node of nodes) {
    const part = plain(node.data);
    const taken = lines.includes(whole) || lines.some(line => whole.includes(line) && line.includes(part));
    const mark = document.createElement("mark");
    mark.className = taken ? "taken" : "dropped";
    node.replaceWith(mark);
    mark.append(node);
  }
}
"""
MARKS = """<style>
mark.taken { background: #aceebb; color: #111 }
mark.dropped { background: none; color: #8c959f; text-decoration: line-through }
button { border: 1px solid #bbb; background: #fff }
</style>"""


def marked(page: bytes, extractor: str) -> str:
    """Return a page that marks its text by what an extractor takes."""
    lines = extract(page, extractor=extractor).text.split("\n")  # type: ignore[arg-type]
    script = SCRIPT.replace("TAKEN", json.dumps(lines))
    return page.decode().replace("</body>", f"{MARKS}<script>{script}</script></body>")


def beside_each_other(page: bytes) -> str:
    """Return an HTML page with a page as each extractor takes it."""
    frames = "".join(
        f'<div><h2>{caption}</h2><iframe srcdoc="{html.escape(marked(page, extractor))}"></iframe></div>'
        for extractor, caption in CAPTIONS.items()
    )
    style = (
        f"body {{ margin: 0; display: flex; gap: 16px; background: #fff }}"
        f"iframe {{ width: {WIDTH}px; height: {HEIGHT}px; border: 0 }}"
        "h2 { font: bold 15px monospace; margin: 6px 20px; color: #57606a }"
    )
    return f"<!DOCTYPE html><meta charset=utf-8><style>{style}</style>{frames}"


def draw(page: Path, picture: Path, chromium: str) -> None:
    """Write the picture of a page."""
    with tempfile.TemporaryDirectory() as folder:
        source, screenshot = Path(folder, "pages.html"), Path(folder, "picture.png")
        source.write_text(beside_each_other(page.read_bytes()), encoding="utf-8")
        window = f"--window-size={2 * WIDTH + 16},{HEIGHT + 40}"
        profile = f"--user-data-dir={folder}/profile"
        command = [chromium, *FLAGS, window, profile, f"--screenshot={screenshot}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True)
        image = Image.open(screenshot).convert("RGB")
    blank = Image.new("RGB", image.size, image.getpixel((image.width - 1, image.height - 1)))
    _, _, _, bottom = ImageChops.difference(image, blank).getbbox() or (0, 0, 0, image.height)
    image = image.crop((0, 0, image.width, min(bottom + 12, image.height)))
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(picture, optimize=True)
    print(f"{picture}: {picture.stat().st_size:,} bytes")


if __name__ == "__main__":
    for page in sorted((DOCS / "pages").glob("*.html")):
        picture = DOCS / "images" / f"extraction-{page.stem}.png"
        draw(page, picture, sys.argv[1] if len(sys.argv) > 1 else "chromium")
