/* frame.js - what every report shares: elements, numbers, figures that are drawn when they are seen, light and dark, printing. */

const report = JSON.parse(document.getElementById("data").textContent);
const figures = []; // in the order of the page
let theme = {};

/* Text comes in as text only: nothing of a study can become an element. */
function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null) element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/* A chart's tooltip is HTML. */
const escaped = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const list = (value) => (Array.isArray(value) ? value : []);
const count = (n) => (typeof n === "number" ? n.toLocaleString("en-US") : String(n));
const plural = (n, one, many) => `${count(n)} ${n === 1 ? one : many || one + "s"}`;
const ordinal = (n) => `${count(n)}${n % 100 > 10 && n % 100 < 14 ? "th" : ["th", "st", "nd", "rd"][n % 10] || "th"}`;
/* Halves go up, as in `oneseed stats`. */
const percent = (x, digits = 0) => (typeof x === "number" ? `${(Math.floor(100 * 10 ** digits * x + 0.5) / 10 ** digits).toFixed(digits)} %` : "–");

/* As many decimals as the spread makes worth reading: two digits of it. */
function numberFormat(spread, size) {
  const scale = spread > 0 ? spread : Math.abs(size) / 1000;
  if (!(scale > 0) || !isFinite(scale)) return (x) => (typeof x === "number" ? String(Number(x.toPrecision(6))) : "–");
  const decimals = 1 - Math.floor(Math.log10(scale));
  const largest = Math.max(Math.abs(size) || 0, scale);
  if (decimals > 9 || largest >= 1e9) return (x) => (typeof x === "number" ? x.toPrecision(5) : "–");
  return (x) => (typeof x === "number" ? x.toFixed(Math.max(0, decimals)).replace(/^-(?=0\.?0*$)/, "") : "–");
}
const plain = (x) => (typeof x === "number" ? String(Number(x.toPrecision(7))) : "–");

function probability(p) {
  if (typeof p !== "number") return "–";
  return p < 0.0001 ? "< 0.0001" : p.toPrecision(2);
}

function duration(seconds) {
  if (typeof seconds !== "number") return "–";
  if (seconds < 1) return `${Number((1000 * seconds).toPrecision(3))} ms`;
  if (seconds < 120) return `${Number(seconds.toPrecision(3))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/* ---- sections and tables ---- */

const names = new Set(["summary"]);
function section(title, id, ...children) {
  let name = id;
  for (let i = 2; names.has(name); i++) name = `${id}-${i}`;
  names.add(name);
  const heading = el("h2", { id: `${name}-title` }, title);
  const element = el("section", { id: name, "aria-labelledby": `${name}-title` }, heading, ...children);
  document.getElementById("main").append(element);
  document.querySelector("#contents ul").append(el("li", null, el("a", { href: `#${name}` }, title)));
  return element;
}

/* head: texts; rows: lists of texts, the first one is the row's name. left: columns with words. */
function table(caption, head, rows, left = []) {
  const words = (i) => (left.includes(i) ? "text" : undefined);
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    el("table", null, el("caption", { class: "spoken" }, caption),
      el("thead", null, el("tr", null, head.map((text, i) => el("th", { scope: "col", class: words(i) }, text)))),
      el("tbody", null, rows.map((row) => el("tr", null, row.map((cell, i) =>
        i ? el("td", { class: words(i) }, cell) : el("th", { scope: "row" }, cell)))))));
}

function facts(pairs) {
  const shown = pairs.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return el("dl", { class: "facts" }, shown.map(([name, value]) => [el("dt", null, name), el("dd", null, value)]));
}

/* A document that somebody else wrote may lack anything: what cannot be shown is said, the rest is shown. */
function part(name, build) {
  try {
    build();
  } catch (problem) {
    document.getElementById("main").append(el("p", { class: "bad" }, `${name}: the data of this part cannot be shown (${problem.message}).`));
  }
}

/* ---- figures ---- */

const ROWS_MOST = 1000; // of a data table: more are in the study

/* One chart with its caption, a text alternative, and its data as a table.
 * f: title, says (the text alternative), caption, height, points (how many marks), option(theme), head, rows(),
 * keys: {series, n, text(i)} for the arrow keys, zoom: true for buttons. */
function figure(f) {
  const plot = el("div", { class: "plot", role: "img", tabindex: "0", "aria-label": f.says, style: `height:${f.height || 320}px` });
  const spoken = el("div", { class: "spoken", "aria-live": "polite" });
  const tools = f.zoom && el("div", { class: "tools", role: "group", "aria-label": `Zoom of: ${f.title}` },
    el("button", { type: "button", onclick: () => zoom(f, 0.5) }, "Zoom in"),
    el("button", { type: "button", onclick: () => zoom(f, 2) }, "Zoom out"),
    el("button", { type: "button", onclick: () => zoom(f, 0) }, "Whole range"));
  const data = el("details", { ontoggle: (event) => fillTable(event.target, f) }, el("summary", null, "Data of this figure"));
  Object.assign(f, { plot, spoken, at: -1 });
  plot.addEventListener("keydown", (event) => walk(f, event));
  plot.addEventListener("blur", () => f.chart && f.chart.dispatchAction({ type: "hideTip" }));
  figures.push(f);
  return el("figure", null, el("h3", null, f.title), tools, plot, spoken, el("figcaption", null, f.caption), data);
}

function fillTable(details, f) {
  if (!details.open || details.querySelector("table")) return;
  const rows = f.rows();
  details.append(table(`Data: ${f.title}`, f.head, rows.slice(0, ROWS_MOST), f.left));
  if (rows.length > ROWS_MOST) {
    details.append(el("p", { class: "muted" }, `The first ${count(ROWS_MOST)} of ${count(rows.length)} rows.`));
  }
}

/* Arrow keys go from mark to mark; what is there is said. */
function walk(f, event) {
  const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10 }[event.key];
  if (event.key === "Escape" && f.chart) f.chart.dispatchAction({ type: "hideTip" });
  if (!f.keys || !f.keys.n || (!step && event.key !== "Home" && event.key !== "End")) return;
  event.preventDefault();
  draw(f);
  f.at = event.key === "Home" ? 0 : event.key === "End" ? f.keys.n - 1 : Math.min(Math.max(f.at + step, 0), f.keys.n - 1);
  f.chart.dispatchAction({ type: "showTip", seriesIndex: f.keys.series, dataIndex: f.at });
  f.spoken.textContent = f.keys.text(f.at);
}

function zoom(f, factor) {
  draw(f);
  const now = f.chart.getOption().dataZoom[0], middle = (now.start + now.end) / 2;
  const half = factor ? Math.min(50, ((now.end - now.start) / 2) * factor) : 50;
  const start = factor ? Math.min(Math.max(0, middle - half), 100 - 2 * half) : 0;
  f.chart.dispatchAction({ type: "dataZoom", start, end: start + 2 * half });
  const shown = f.chart.getOption().dataZoom[0];
  f.spoken.textContent = `${f.title}: from ${shown.start.toFixed(0)} to ${shown.end.toFixed(0)} percent`;
}

/* Few marks are SVG (sharp on paper), many are a canvas. */
function draw(f, width) {
  if (!f.chart) f.chart = echarts.init(f.plot, null, { renderer: f.points > 3000 ? "canvas" : "svg", devicePixelRatio: Math.max(2, devicePixelRatio) });
  if (width) f.chart.resize({ width });
  if (f.drawnAs === theme.name) return;
  f.drawnAs = theme.name;
  try {
    f.chart.setOption({ ...common(), ...f.option(theme, width || f.plot.clientWidth, f.chart) }, true);
  } catch (problem) {
    f.spoken.replaceWith(el("p", { class: "bad" }, `The data of this figure cannot be shown (${problem.message}).`));
  }
}

/* What all charts have alike. */
function common() {
  return {
    animation: false, backgroundColor: "transparent",
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13, color: theme.muted },
    tooltip: {
      trigger: "item", confine: true, backgroundColor: theme.raised, borderColor: theme.rule, padding: [6, 10],
      textStyle: { color: theme.ink, fontSize: 13 },
    },
  };
}

function axis(name, extra) {
  return {
    type: "value", name, nameLocation: "middle", nameGap: 30, scale: true, nameTextStyle: { color: theme.muted, fontSize: 13 },
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.muted } }, axisTick: { show: true, lineStyle: { color: theme.muted } },
    axisLabel: { color: theme.muted, fontSize: 12, hideOverlap: true }, splitLine: { show: false }, ...extra,
  };
}

/* Values at equal steps (1, 2 or 5 times a power of ten), at most so many, and their texts, which have the decimals that tell them apart. */
function ticksOf(low, high, most, { whole, text } = {}) {
  const width = high - low;
  if (!(width > 0) || !isFinite(width)) return { step: width, at: [low], text: text || plain };
  const power = 10 ** Math.floor(Math.log10(width / most));
  let step = power;
  for (const part of [1, 2, 5, 10, 20]) if (Math.floor(high / (step = part * power) + 1e-9) - Math.ceil(low / step - 1e-9) < most) break;
  if (whole && step < 1) step = 1;
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9)), size = Math.max(Math.abs(low), Math.abs(high));
  const first = Math.ceil(low / step - 1e-9), at = [];
  for (let k = first; k * step <= high + 1e-9 * step; k++) at.push(Number((k * step).toPrecision(15)));
  const digits = Math.min(17, Math.max(3, Math.ceil(Math.log10(size / step)) + 1));
  const fixed = decimals <= 9 && size < 1e15;
  return { step, at, text: text || ((v) => (fixed ? v.toFixed(decimals) : String(Number(v.toPrecision(digits))))) };
}

function logTicks(low, high, most) {
  for (const parts of [[1, 2, 5], [1]]) {
    const at = [];
    for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10) at.push(...parts.map((part) => part * power));
    const inside = at.filter((v) => v >= low && v <= high);
    if (inside.length <= most || parts.length === 1) return inside;
  }
  return [];
}

const LETTER = 7.7, AIR = 16; // pixels of a label's digit, and between labels
const widest = (texts) => Math.max(...texts.map((text) => text.length));

/* The axis across, exactly from low to high; as many labels as have room. o: whole, text, log, more (for the chart). */
function acrossAxis(width, name, low, high, o = {}) {
  const room = width - 116; // the other axis and the right margin
  let ticks;
  for (let most = o.log ? 12 : 8; most >= 1; most--) {
    ticks = o.log ? { at: logTicks(low, high, most), text: o.text } : ticksOf(low, high, most, o);
    if (!ticks.at.length || ticks.at.length * (LETTER * widest(ticks.at.map(ticks.text)) + AIR) <= room) break;
  }
  return axis(name, {
    type: o.log ? "log" : "value", min: low, max: high, axisTick: { customValues: ticks.at, lineStyle: { color: theme.muted } },
    axisLabel: { color: theme.muted, fontSize: 12, customValues: ticks.at, formatter: (v) => ticks.text(v), hideOverlap: true }, ...o.more,
  });
}

/* The axis across of a chart that can be zoomed: the library chooses, and the ends have a label only where the others' step leads there. */
function zoomedAxis(chart, name, low, high) {
  const step = () => chart.getModel().getComponent("xAxis").axis.scale.getInterval();
  const falls = (v) => Math.abs(v / step() - Math.round(v / step())) < 1e-6;
  return axis(name, {
    min: low, max: high, minInterval: 1, axisTick: { show: false },
    axisLabel: { color: theme.muted, fontSize: 12, formatter: (v) => (falls(v) ? String(v) : ""), hideOverlap: true },
  });
}

/* The value axis on the left: quiet lines instead of an axis, from step to step; its name stands left of the widest label. */
function upAxis(name, low, high, o = {}) {
  if (!(high > low)) [low, high] = [low - (Math.abs(low) || 1) / 10, high + (Math.abs(high) || 1) / 10];
  const { step } = ticksOf(low, high, 6, o), min = Math.floor(low / step + 1e-9) * step, max = Math.ceil(high / step - 1e-9) * step;
  const { at, text } = ticksOf(min, max, 9, o);
  return axis(name, {
    min, max, interval: step, nameGap: LETTER * widest(at.map(text)) + 14, axisLine: { show: false }, axisTick: { show: false },
    axisLabel: { color: theme.muted, fontSize: 12, formatter: text }, splitLine: { show: true, lineStyle: { color: theme.grid } },
  });
}

/* The room of a figure with that axis on its left. */
const gridOf = (up, extra) => ({ left: up.nameGap + 22, right: 46, top: 12, bottom: 46, ...extra });

function readTheme(name) {
  document.documentElement.dataset.theme = name;
  const style = getComputedStyle(document.documentElement);
  theme = { name };
  for (const key of ["paper", "raised", "ink", "muted", "rule", "grid", "a", "a-soft", "b", "b-soft", "good", "bad"]) {
    theme[key.replace("-soft", "Soft")] = style.getPropertyValue(`--${key}`).trim();
  }
}

const systemTheme = matchMedia("(prefers-color-scheme: dark)");
let chosen = null; // by the button, for as long as the page is open

function wear(name) {
  readTheme(name);
  const button = document.getElementById("theme");
  if (button) button.textContent = name === "dark" ? "Light page" : "Dark page";
  for (const f of figures) if (f.chart) draw(f);
}

function head(kind, title, ...children) {
  const summary = document.getElementById("summary"); // written without us
  document.getElementById("contents").append(el("ul", null, summary && el("li", null, el("a", { href: "#summary" }, "Summary"))));
  document.getElementById("head").replaceChildren(
    el("p", { class: "kind" }, kind), el("h1", null, title),
    el("button", { id: "theme", type: "button", onclick: () => wear((chosen = theme.name === "dark" ? "light" : "dark")) }), ...children);
}

/* Paper is white and as wide as it is. */
const PAPER_WIDTH = 670;
function beforePrint() {
  readTheme("light");
  for (const f of figures) {
    draw(f, PAPER_WIDTH);
    f.chart.getZr().flush(); // there is no next frame
  }
}
function afterPrint() {
  wear(chosen || (systemTheme.matches ? "dark" : "light"));
  for (const f of figures) f.chart.resize({ width: "auto" });
}

function start() {
  readTheme(systemTheme.matches ? "dark" : "light");
  part("The report", () => (report.kind === "study" ? buildStudy : buildCheck)(report));
  document.getElementById("made").textContent = `Made by oneseed ${report.version || ""}. Every number was computed by it; this page only draws.`;
  wear(theme.name);
  systemTheme.addEventListener("change", () => chosen || wear(systemTheme.matches ? "dark" : "light"));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) draw(figures.find((f) => f.plot === entry.target));
  }, { rootMargin: "300px" });
  for (const f of figures) seen.observe(f.plot);
  const resized = new ResizeObserver((entries) => {
    for (const entry of entries) {
      const f = figures.find((one) => one.plot === entry.target);
      if (f.chart && !matchMedia("print").matches) f.chart.resize();
    }
  });
  for (const f of figures) resized.observe(f.plot);
  addEventListener("beforeprint", beforePrint);
  addEventListener("afterprint", afterPrint);
}
