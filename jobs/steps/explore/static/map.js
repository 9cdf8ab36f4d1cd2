"use strict";
// Draws the map on a canvas. All text comes in as data and goes out as text nodes: nothing is parsed as HTML.
(() => {
  const box = document.getElementById("map");
  const canvas = document.getElementById("canvas");
  const status = document.getElementById("status");
  const colourChoice = document.querySelector("select[name=colour]");
  const legend = document.getElementById("legend");
  const selectedLine = document.getElementById("selected");
  const list = document.getElementById("list");
  const clusterList = document.getElementById("clusters");
  const tip = document.getElementById("tip");
  const COLOURS = 9; // the last is for all other values
  const LISTED = 100;
  const view = { scale: 1, x: 0.5, y: 0.5 };
  const circle = { x: 0.5, y: 0.5, radius: 0.05, shown: false };
  let data = null;
  let lasso = null;
  let selected = new Set();
  let size = { width: 0, height: 0, ratio: 1 };

  async function load() {
    try {
      for (;;) {
        const answer = await fetch(box.dataset.from);
        if (!answer.ok) throw new Error(`status ${answer.status}`);
        const content = await answer.json();
        if (content.error) return say(content.error);
        if (content.ids) return show(content);
        say(`The map is made: ${content.line}`);
        await new Promise((resolve) => setTimeout(resolve, 400));
      }
    } catch (error) {
      say(`The map could not be read (${error.message}): is the explorer still running?`);
    }
  }

  const say = (text) => { status.textContent = text; };

  function show(content) {
    data = content;
    data.px = Float32Array.from(data.x, (value) => value / data.steps);
    data.py = Float32Array.from(data.y, (value) => value / data.steps);
    say(`${data.ids.length.toLocaleString("en")} documents; ${data.model ? "near ones are alike to the model" : "near ones use the same words"}.`);
    const groups = data.attributes.cluster;
    groups.values.forEach((name, number) => {
      const members = [];
      groups.of.forEach((value, row) => { if (value === number) members.push(row); });
      const button = element("button", `${name} (${members.length.toLocaleString("en")})`);
      button.type = "button";
      button.className = "plain";
      button.addEventListener("click", () => select(members, `cluster “${name}”`));
      const item = document.createElement("li");
      item.append(button);
      clusterList.append(item);
    });
    data.labels = labels(groups);
    box.dataset.ready = "true";
    resize();
    drawLegend();
  }

  // a label stands at the member nearest to the median of its cluster
  function labels(groups) {
    return groups.values.map((name, number) => {
      const rows = [];
      groups.of.forEach((value, row) => { if (value === number) rows.push(row); });
      const middle = (column) => rows.map((row) => column[row]).sort((a, b) => a - b)[rows.length >> 1];
      const x = middle(data.px), y = middle(data.py);
      let best = rows[0], least = Infinity;
      for (const row of rows) {
        const distance = (data.px[row] - x) ** 2 + (data.py[row] - y) ** 2;
        if (distance < least) { least = distance; best = row; }
      }
      return { name, x: data.px[best], y: data.py[best] };
    });
  }

  function element(name, text) {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  }

  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const colours = () => Array.from({ length: COLOURS }, (_, number) => style(`--m${number}`));
  const colourOf = (value, values) => (values.length > COLOURS && value >= COLOURS - 1 ? COLOURS - 1 : value % COLOURS);
  const clusterColour = (value) => value % (COLOURS - 1);
  const pick = () => (colourChoice.value === "cluster" ? clusterColour : (value) => colourOf(value, current().values));
  const current = () => data.attributes[colourChoice.value];

  // the square of the map, in the middle of the canvas
  function toScreen(x, y) {
    const side = Math.min(size.width, size.height) * view.scale;
    return [size.width / 2 + (x - view.x) * side, size.height / 2 + (y - view.y) * side];
  }
  function toMap(x, y) {
    const side = Math.min(size.width, size.height) * view.scale;
    return [view.x + (x - size.width / 2) / side, view.y + (y - size.height / 2) / side];
  }

  function resize() {
    const ratio = window.devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    size = { width, height, ratio };
    draw();
  }

  function draw() {
    if (!data) return;
    const paint = canvas.getContext("2d");
    paint.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    paint.fillStyle = style("--paper");
    paint.fillRect(0, 0, size.width, size.height);
    const attribute = current(), number = pick(), palette = colours();
    const smallest = data.ids.length > 5000 ? 2 : data.ids.length > 500 ? 4 : 7;
    const dot = Math.min(8, smallest * Math.sqrt(view.scale));
    const byColour = palette.map(() => []);
    for (let row = 0; row < data.ids.length; row++) byColour[number(attribute.of[row])].push(row);
    byColour.forEach((rows, colour) => {
      paint.fillStyle = palette[colour];
      for (const row of rows) {
        const [x, y] = toScreen(data.px[row], data.py[row]);
        paint.globalAlpha = selected.size && !selected.has(row) ? 0.25 : 0.9;
        paint.fillRect(x - dot / 2, y - dot / 2, dot, dot);
      }
    });
    paint.globalAlpha = 1;
    drawLabels(paint);
    drawMarks(paint);
  }

  function drawLabels(paint) {
    const taken = [];
    paint.font = "600 13px system-ui, sans-serif";
    paint.textAlign = "center";
    paint.textBaseline = "middle";
    for (const { name, x, y } of data.labels) {
      const width = paint.measureText(name).width + 8;
      let [left, top] = toScreen(x, y);
      top -= 16; // above its documents
      if (left < 0 || left > size.width || top < 0 || top > size.height) continue;
      left = Math.min(Math.max(left, width / 2), size.width - width / 2);
      const area = [left - width / 2, top - 10, left + width / 2, top + 10];
      if (taken.some((other) => area[0] < other[2] && area[2] > other[0] && area[1] < other[3] && area[3] > other[1])) continue;
      taken.push(area);
      paint.lineWidth = 4;
      paint.lineJoin = "round";
      paint.strokeStyle = style("--paper");
      paint.strokeText(name, left, top);
      paint.fillStyle = style("--ink");
      paint.fillText(name, left, top);
    }
  }

  function drawMarks(paint) {
    paint.strokeStyle = style("--mark");
    paint.lineWidth = 2;
    if (lasso && lasso.length > 1) {
      paint.beginPath();
      lasso.forEach(([x, y], i) => { const at = toScreen(x, y); i ? paint.lineTo(...at) : paint.moveTo(...at); });
      paint.stroke();
    }
    if (circle.shown) {
      const [x, y] = toScreen(circle.x, circle.y);
      paint.beginPath();
      paint.arc(x, y, circle.radius * Math.min(size.width, size.height) * view.scale, 0, 2 * Math.PI);
      paint.stroke();
    }
  }

  function drawLegend() {
    const attribute = current(), number = pick(), palette = colours();
    const isCluster = colourChoice.value === "cluster";
    legend.replaceChildren();
    if (isCluster) return; // the labels on the map name them
    attribute.values.slice(0, COLOURS).forEach((value, i) => {
      const more = attribute.values.length > COLOURS && i === COLOURS - 1;
      const item = document.createElement("li");
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const square = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      svg.setAttribute("viewBox", "0 0 10 10");
      svg.setAttribute("aria-hidden", "true");
      square.setAttribute("width", "10");
      square.setAttribute("height", "10");
      square.setAttribute("fill", palette[number(i)]);
      svg.append(square);
      item.append(svg, more ? `${attribute.values.length - i} others` : value);
      legend.append(item);
    });
  }

  function select(rows, what) {
    selected = new Set(rows);
    const n = rows.length.toLocaleString("en");
    selectedLine.textContent = rows.length ? `${n} documents in ${what}${rows.length > LISTED ? `; the first ${LISTED}:` : ":"}` : "Nothing yet.";
    list.replaceChildren(...rows.slice(0, LISTED).map((row) => {
      const link = element("a", data.titles[row]);
      const query = new URLSearchParams({ table: box.dataset.table, id: data.ids[row] });
      link.setAttribute("href", `/document?${query}`);
      const item = document.createElement("li");
      item.append(link);
      return item;
    }));
    draw();
  }

  function inside(x, y, polygon) {
    let within = false;
    for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
      const [xi, yi] = polygon[i], [xj, yj] = polygon[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
    }
    return within;
  }

  const rowsWhere = (test) => data.ids.map((_, row) => row).filter(test);

  function zoom(factor, x = size.width / 2, y = size.height / 2) {
    const before = toMap(x, y);
    view.scale = Math.min(60, Math.max(1, view.scale * factor));
    const after = toMap(x, y);
    view.x += before[0] - after[0];
    view.y += before[1] - after[1];
    if (view.scale === 1) { view.x = 0.5; view.y = 0.5; }
    draw();
  }

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  function nearest(x, y) {
    let best = -1, least = 64; // 8 pixels
    for (let row = 0; row < data.ids.length; row++) {
      const [px, py] = toScreen(data.px[row], data.py[row]);
      const distance = (px - x) ** 2 + (py - y) ** 2;
      if (distance < least) { least = distance; best = row; }
    }
    return best;
  }

  let dragged = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (!data || event.button) return;
    canvas.setPointerCapture(event.pointerId);
    circle.shown = false;
    if (event.shiftKey) dragged = at(event);
    else lasso = [toMap(...at(event))];
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!data) return;
    const place = at(event);
    if (dragged) {
      const side = Math.min(size.width, size.height) * view.scale;
      view.x -= (place[0] - dragged[0]) / side;
      view.y -= (place[1] - dragged[1]) / side;
      dragged = place;
      draw();
    } else if (lasso) {
      lasso.push(toMap(...place));
      draw();
    } else {
      const row = nearest(...place);
      tip.textContent = row < 0 ? "" : data.titles[row];
      tip.style.transform = `translate(${Math.max(0, Math.min(place[0] + 12, size.width - 240))}px, ${place[1] + 14}px)`;
    }
  });
  canvas.addEventListener("pointerup", (event) => {
    dragged = null;
    if (!lasso) return;
    const polygon = lasso;
    lasso = null;
    if (polygon.length < 4) {
      const row = nearest(...at(event));
      return row < 0 ? select([], "") : select([row], "one place");
    }
    select(rowsWhere((row) => inside(data.px[row], data.py[row], polygon)), "the lasso");
  });
  canvas.addEventListener("pointerleave", () => { tip.textContent = ""; });
  canvas.addEventListener("wheel", (event) => {
    if (!data || !(event.ctrlKey || document.activeElement === canvas)) return; // the page scrolls
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.25 : 0.8, ...at(event));
  }, { passive: false });

  canvas.addEventListener("keydown", (event) => {
    if (!data || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = circle.radius / 2;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (moves[event.key]) {
      circle.x = Math.min(1, Math.max(0, circle.x + moves[event.key][0]));
      circle.y = Math.min(1, Math.max(0, circle.y + moves[event.key][1]));
    } else if (event.key === "+" || event.key === "=") circle.radius = Math.min(0.5, circle.radius * 1.3);
    else if (event.key === "-") circle.radius = Math.max(0.005, circle.radius / 1.3);
    else if (event.key === "Enter") {
      select(rowsWhere((row) => (data.px[row] - circle.x) ** 2 + (data.py[row] - circle.y) ** 2 <= circle.radius ** 2), "the circle");
    } else if (event.key === "Escape") { circle.shown = false; return select([], ""); } else return;
    event.preventDefault();
    circle.shown = true;
    draw();
  });

  document.getElementById("zoom-in").addEventListener("click", () => zoom(1.5));
  document.getElementById("zoom-out").addEventListener("click", () => zoom(1 / 1.5));
  document.getElementById("zoom-all").addEventListener("click", () => zoom(0));
  colourChoice.addEventListener("change", () => { if (data) { drawLegend(); draw(); } });
  window.addEventListener("resize", resize);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (data) { drawLegend(); draw(); } });
  load();
})();
