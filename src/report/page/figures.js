/* figures.js - the charts: numbers of the report in, options of the chart library out. */

/* A filled band between two curves, as one shape. */
function bandSeries(name, x, low, high, color, extra) {
  const at = x.map((_, i) => i).filter((i) => typeof low[i] === "number" && typeof high[i] === "number");
  return {
    name, type: "custom", silent: true, clip: true, z: 1, data: [[x[at[0]], low[at[0]]]], tooltip: { show: false },
    renderItem: (_, api) => ({
      type: "polygon",
      shape: { points: [...at.map((i) => api.coord([x[i], high[i]])), ...at.slice().reverse().map((i) => api.coord([x[i], low[i]]))] },
      style: { fill: color },
    }),
    ...extra,
  };
}

function lineSeries(name, x, y, color, extra) {
  return {
    name, type: "line", data: x.map((value, i) => [value, y[i]]), showSymbol: false, symbol: "circle", symbolSize: 7, z: 3,
    lineStyle: { color, width: 2 }, itemStyle: { color }, ...extra,
  };
}

const legend = (names, extra) => ({
  data: names, top: 0, left: 0, itemWidth: 18, itemHeight: 9, textStyle: { color: theme.ink, fontSize: 13 }, selectedMode: false, ...extra,
});

/* Points of one colour at one height: each value as a tick. */
function rugSeries(values, y, color) {
  return {
    type: "scatter", silent: true, symbol: "rect", symbolSize: [1, 9], itemStyle: { color, opacity: values.length > 200 ? 0.35 : 0.7 },
    data: values.map((v) => [v, y]), large: values.length > 3000, tooltip: { show: false }, z: 2,
  };
}

const quantile = (m, level) => (list(m.quantiles).find(([p]) => p === level) || [])[1];

/* ---- distribution: histogram, density, and beneath it each value and the quantiles ---- */

const RUG_MOST = 2000;

function distributionFigure(m) {
  const f = numberFormat(m.sd, m.mean), bins = list(m.histogram.counts), { low, width } = m.histogram;
  const edges = bins.map((n, i) => [low + i * width, low + (i + 1) * width, n]);
  const values = list(m.values).filter((v) => typeof v === "number"), rug = values.length <= RUG_MOST ? values : [];
  const [q05, q25, q50, q75, q95] = [0.05, 0.25, 0.5, 0.75, 0.95].map((p) => quantile(m, p));
  const text = (i) => `${f(edges[i][0])} to ${f(edges[i][1])}: ${plural(edges[i][2], "run")}`;
  const most = Math.max(...bins, ...(m.density ? m.density.y.map((y) => y * m.n * width) : []));
  const up = () => upAxis("runs", 0, most, { whole: true });
  const span = m.density ? [m.density.x[0], m.density.x[m.density.x.length - 1]] : [low - width / 2, low + width * (bins.length + 0.5)];
  return {
    title: "Distribution", height: 360, points: rug.length + bins.length,
    says: `Histogram of ${m.name} over ${plural(m.n, "run")}, from ${f(m.min)} to ${f(m.max)}, median ${f(q50)}; half of the runs between ${f(q25)} and ${f(q75)}.`,
    caption: `Bars: runs per bin${m.density ? "; line: their density, smoothed" : ""}. Below: ${rug.length ? "each run, and " : ""}the middle half (box), the median, ` +
      `and 5 % to 95 % (line). Dashed: the mean, ${f(m.mean)}.`,
    head: ["from", "to", "runs"], rows: () => edges.map((e) => [f(e[0]), f(e[1]), count(e[2])]),
    keys: { series: 0, n: edges.length, text },
    option: (t, wide) => ({
      grid: [gridOf(up(), { bottom: 100 }), gridOf(up(), { top: undefined, height: 44 })],
      xAxis: [axis("", { min: span[0], max: span[1], axisLabel: { show: false }, axisTick: { show: false } }),
        acrossAxis(wide, m.name, span[0], span[1], { more: { gridIndex: 1, nameGap: 28 } })],
      yAxis: [up(), { type: "value", gridIndex: 1, min: 0, max: 2, show: false }],
      series: [{
        name: "runs", type: "custom", data: edges, encode: { x: [0, 1], y: 2 }, z: 1,
        renderItem: (_, api) => {
          const a = api.coord([api.value(0), api.value(2)]), b = api.coord([api.value(1), 0]);
          return { type: "rect", shape: { x: a[0] + 0.5, y: a[1], width: Math.max(1, b[0] - a[0] - 1), height: b[1] - a[1] },
            style: { fill: t.aSoft }, emphasis: { style: { fill: t.a } } };
        },
        tooltip: { formatter: (p) => escaped(text(p.dataIndex)) },
        markLine: { silent: true, precision: 15, symbol: "none", label: { show: false }, lineStyle: { color: t.ink, type: [4, 4], width: 1 }, data: [{ xAxis: m.mean }] },
      },
      ...(m.density ? [lineSeries("density", m.density.x, m.density.y.map((y) => y * m.n * width), t.a, { silent: true, tooltip: { show: false }, z: 2 })] : []),
      { ...rugSeries(rug, 1.55, t.ink), xAxisIndex: 1, yAxisIndex: 1 },
      {
        type: "custom", silent: true, xAxisIndex: 1, yAxisIndex: 1, data: [[q50, 0.6]], tooltip: { show: false },
        renderItem: (_, api) => {
          const x = (v) => api.coord([v, 0.6])[0], y = api.coord([q50, 0.6])[1], stroke = { stroke: t.a, lineWidth: 1.5 };
          const line = (x1, y1, x2, y2, style) => ({ type: "line", shape: { x1, y1, x2, y2 }, style });
          return { type: "group", children: [line(x(q05), y, x(q95), y, stroke),
            { type: "rect", shape: { x: x(q25), y: y - 6, width: Math.max(1, x(q75) - x(q25)), height: 12 }, style: { fill: t.aSoft, stroke: t.a, lineWidth: 1.5 } },
            line(x(q50), y - 6, x(q50), y + 6, { stroke: t.ink, lineWidth: 2.5 })] };
        },
      }],
    }),
  };
}

/* ---- values over seeds ---- */

function seedsFigure(m, points) {
  const f = numberFormat(m.sd, m.mean), seeds = list(points.seeds), stride = points.stride;
  const bySeed = points.axis === "seed", first = bySeed ? Number(seeds[0]) : 0;
  const last = bySeed ? Number(seeds[seeds.length - 1]) : points.of - 1;
  const place = (i) => (bySeed ? Number(seeds[i]) : i * stride);
  const data = list(m.values).map((v, i) => [place(i), v, i]).filter((p) => typeof p[1] === "number");
  const far = list(m.outliers).map((o) => [bySeed ? Number(o.seed) : o.at, o.value, o]);
  const run = m.running, at = bySeed ? run.seed : run.n.map((n) => n - 1);
  const up = () => upAxis(m.name, m.min - 0.02 * (m.max - m.min), m.max + 0.02 * (m.max - m.min));
  const text = (i) => `seed ${seeds[data[i][2]]}: ${f(data[i][1])}`;
  return {
    title: "Values over seeds", height: 380, points: data.length, zoom: true,
    says: `Each run's ${m.name} by its seed, with the running mean, which ends at ${f(m.mean)}. ${plural(far.length, "outlier")}.`,
    caption: `One point a run${stride > 1 ? ` (every ${ordinal(stride)} of ${count(points.of)} is drawn, and each outlier; the grey band is 5 % to 95 % of all runs)` : ""}. ` +
      `Line: mean of the seeds up to there, with its 95 % interval${far.length ? "; ringed: outliers" : ""}. Drag the slider, or hold Ctrl and scroll, to zoom.`,
    head: ["seed", m.name], rows: () => data.map((p) => [String(seeds[p[2]]), plain(p[1])]),
    keys: { series: 0, n: data.length, text },
    option: (t, wide, chart) => ({
      grid: gridOf(up(), { bottom: 84 }),
      xAxis: zoomedAxis(chart, bySeed ? "seed" : "run, in the order of seeds", first, last),
      yAxis: up(),
      dataZoom: [{ type: "inside", filterMode: "none", zoomOnMouseWheel: "ctrl", moveOnMouseMove: false },
        { type: "slider", filterMode: "none", height: 18, bottom: 8, borderColor: t.rule, fillerColor: `${t.a}22`, handleStyle: { color: t.paper, borderColor: t.muted },
          moveHandleSize: 0, showDataShadow: false, showDetail: false, brushSelect: false }],
      series: [{
        name: "runs", type: "scatter", data, symbolSize: data.length > 20000 ? 2 : data.length > 2000 ? 3 : data.length > 300 ? 4 : 6, large: data.length > 5000, z: 2,
        itemStyle: { color: t.a, opacity: data.length > 5000 ? 0.45 : 0.7 }, tooltip: { formatter: (p) => escaped(text(p.dataIndex)) },
      },
      ...(m.band ? [bandSeries("5 % to 95 %", bySeed ? m.band.seed : m.band.from, m.band.q05, m.band.q95, `${t.muted}33`)] : []),
      bandSeries("interval of the mean", at, run.mean.map((v, i) => v - run.half[i]), run.mean.map((v, i) => v + run.half[i]), `${t.b}33`, { z: 3 }),
      lineSeries("running mean", at, run.mean, t.b, { z: 4, silent: true, tooltip: { show: false } }),
      { name: "outliers", type: "scatter", data: far, symbolSize: 12, z: 5, itemStyle: { color: "transparent", borderColor: t.b, borderWidth: 2 },
        tooltip: { formatter: (p) => escaped(`seed ${p.data[2].seed}: ${f(p.data[1])} (${p.data[2].sds.toFixed(1)} sd ${p.data[2].high ? "above" : "below"} the others)`) } }],
    }),
  };
}

/* ---- expected best of k ---- */

function bestFigure(m) {
  const f = numberFormat(m.sd, m.mean), { k, max, min } = m.best, end = k.length - 1;
  const high = { name: "if higher is better", values: max, word: "highest" }, low = { name: "if lower is better", values: min, word: "lowest" };
  const shown = m.direction === "higher" ? [high] : m.direction === "lower" ? [low] : [high, low];
  const drawn = shown.flatMap((s) => s.values), up = () => upAxis(m.name, Math.min(...drawn), Math.max(...drawn));
  const text = (i) => `best of ${plural(k[i], "run")}: ${shown.map((s) => `${f(s.values[i])}${shown.length > 1 ? ` ${s.name}` : ""}`).join(", ")}`;
  return {
    title: "Expected best of k runs", height: 320, points: k.length,
    says: `Expected best of k runs: from the mean ${f(max[0])} for one run to ${shown.map((s) => `${f(s.values[end])}${shown.length > 1 ? ` ${s.name}` : ""}`).join(" or ")} for ${count(k[end])}.`,
    caption: "What trying k seeds and keeping the best gives on average, with nothing changed but the seed: an improvement of this size needs no better method.",
    head: ["k", ...shown.map((s) => `expected ${s.word}`)], rows: () => k.map((n, i) => [count(n), ...shown.map((s) => f(s.values[i]))]),
    keys: { series: 0, n: k.length, text },
    option: (t, wide) => ({
      legend: shown.length > 1 ? legend(shown.map((s) => s.name)) : undefined,
      grid: gridOf(up(), { top: shown.length > 1 ? 34 : 12 }),
      tooltip: { ...common().tooltip, trigger: "axis", formatter: (p) => escaped(text(p[0].dataIndex)) },
      xAxis: acrossAxis(wide, "k: runs tried", 1, k[end], { log: k[end] > 20, whole: true, text: count }),
      yAxis: up(),
      series: shown.map((s) => (s === high ? lineSeries(s.name, k, s.values, t.a, { showSymbol: true, symbolSize: 5 })
        : lineSeries(s.name, k, s.values, t.b, { showSymbol: true, symbolSize: 5, symbol: "diamond", lineStyle: { color: t.b, width: 2, type: [6, 3] } }))),
    }),
  };
}

/* ---- by step ---- */

function stepsFigure(m) {
  const s = m.steps, f = numberFormat(m.sd, m.mean);
  const text = (i) => `step ${count(s.step[i])}: median ${f(s.median[i])}, half of the runs ${f(s.q25[i])} to ${f(s.q75[i])} (${plural(s.n[i], "run")})`;
  const end = s.step.length - 1;
  const drawn = [...s.q05, ...s.q95, ...list(s.examples).flatMap((e) => e.value)].filter((v) => typeof v === "number");
  const up = () => upAxis(m.name, drawn.reduce((a, b) => Math.min(a, b)), drawn.reduce((a, b) => Math.max(a, b)));
  return {
    title: "By step", height: 340, points: s.step.length * 3,
    says: `${m.name} by step: the median goes from ${f(s.median[0])} at step ${s.step[0]} to ${f(s.median[end])} at step ${s.step[end]}.`,
    caption: `Line: median of ${plural(s.runs, "run")}; dark band: the middle half; light band: 5 % to 95 %; thin lines: single runs.` +
      (s.n_steps > s.step.length ? ` ${count(s.step.length)} of ${count(s.n_steps)} steps are drawn.` : ""),
    head: ["step", "runs", "5 %", "25 %", "median", "75 %", "95 %"],
    rows: () => s.step.map((x, i) => [count(x), count(s.n[i]), ...[s.q05, s.q25, s.median, s.q75, s.q95].map((q) => f(q[i]))]),
    keys: { series: 0, n: s.step.length, text },
    option: (t, wide) => ({
      grid: gridOf(up()),
      tooltip: { ...common().tooltip, trigger: "axis", formatter: (p) => escaped(text(p[0].dataIndex)) },
      xAxis: acrossAxis(wide, "step", s.step[0], s.step[end], { whole: s.step.every(Number.isInteger), text: count }),
      yAxis: up(),
      series: [lineSeries("median", s.step, s.median, t.a, { z: 5, lineStyle: { color: t.a, width: 2.5 } }),
        bandSeries("5 % to 95 %", s.step, s.q05, s.q95, `${t.a}26`), bandSeries("middle half", s.step, s.q25, s.q75, `${t.a}4d`, { z: 2 }),
        ...list(s.examples).map((e) => lineSeries("a run", e.step, e.value, t.muted, { z: 3, silent: true, lineStyle: { color: t.muted, width: 0.8, opacity: 0.7 }, tooltip: { show: false } }))],
    }),
  };
}

/* ---- variance by source ---- */

function sourcesFigure(s) {
  const rows = [...s.shares.map((x) => ({ ...x, low: x.first_ci && x.first_ci.low, high: x.first_ci && x.first_ci.high })),
    { name: "rest (others, interaction, noise)", first: s.rest, low: s.rest_ci && s.rest_ci.low, high: s.rest_ci && s.rest_ci.high }];
  const tenths = s.sure === false ? 0 : 1; // a hint has none
  const interval = (ci) => (ci ? `${percent(ci.low)} to ${percent(ci.high)}` : "–");
  const text = (i) => `${rows[i].name}: ${percent(rows[i].first)} alone${typeof rows[i].low === "number" ? ` (${percent(rows[i].low)} to ${percent(rows[i].high)})` : ""}` +
    (typeof rows[i].total === "number" ? `, ${percent(rows[i].total)} with interactions` : "");
  const numbers = rows.flatMap((r) => [r.first, r.low, r.high, r.total]).filter((v) => typeof v === "number");
  return {
    title: `Where the variance of ${s.metric} comes from`, height: 70 + 40 * rows.length, points: rows.length,
    says: `Shares of the variance of ${s.metric}: ${rows.map((_, i) => text(i)).join("; ")}.`,
    caption: `Bars: share of the variance that a source has alone (first order)${tenths ? ", with 95 % intervals" : ""}; ring: with its interactions (total). ${tenths ? "From" : "A hint only, from"} ${plural(s.n, "replication")}. ${list(s.notes).join(" ")}`,
    head: ["source", "share alone", "95 % interval", "share with interactions", "95 % interval"],
    rows: () => rows.map((r, i) => [r.name, percent(r.first, tenths), typeof r.low === "number" ? `${percent(r.low)} to ${percent(r.high)}` : "–",
      typeof r.total === "number" ? percent(r.total, tenths) : "–", i < s.shares.length ? interval(s.shares[i].total_ci) : "–"]),
    keys: { series: 0, n: rows.length, text },
    option: (t, wide) => ({
      grid: { left: 12, right: 30, top: 8, bottom: 46, containLabel: true },
      xAxis: acrossAxis(wide - (wide > 700 ? 180 : 70), "share of the variance", Math.min(0, ...numbers) - 0.03, Math.max(1, ...numbers) + 0.03, { text: (v) => percent(v) }),
      yAxis: { type: "category", inverse: true, data: rows.map((r) => r.name), axisTick: { show: false }, axisLine: { lineStyle: { color: t.muted } }, axisLabel: { color: t.ink, fontSize: 13, width: wide > 700 ? 230 : 120, overflow: "truncate" } },
      series: [{ type: "bar", data: rows.map((r, i) => ({ value: r.first, itemStyle: { color: i < s.shares.length ? t.aSoft : t.rule } })), barWidth: 18, tooltip: { formatter: (p) => escaped(text(p.dataIndex)) } },
        { type: "custom", silent: true, data: rows.map((r, i) => [r.first, i]), z: 3, tooltip: { show: false }, renderItem: (p, api) => {
          const r = rows[p.dataIndex], children = [];
          if (typeof r.low === "number") {
            const [x1, y] = api.coord([r.low, p.dataIndex]), [x2] = api.coord([r.high, p.dataIndex]), style = { stroke: t.ink, lineWidth: 1.3 };
            for (const shape of [{ x1, y1: y, x2, y2: y }, { x1, y1: y - 4, x2: x1, y2: y + 4 }, { x1: x2, y1: y - 4, x2, y2: y + 4 }]) children.push({ type: "line", shape, style });
          }
          if (typeof r.total === "number") {
            const [cx, cy] = api.coord([r.total, p.dataIndex]);
            children.push({ type: "circle", shape: { cx, cy, r: 5 }, style: { fill: t.paper, stroke: t.b, lineWidth: 2 } });
          }
          return { type: "group", children };
        } }],
    }),
  };
}

/* ---- A against B ---- */

function versusFigure(v, versus) {
  const nameA = `A: ${versus.label_a}`, nameB = `B: ${versus.label_b}`;
  const f = numberFormat(Math.min(v.sd_a || v.sd_b, v.sd_b || v.sd_a), v.mean_a), x = v.x, ci = v.ci;
  const text = (i) => `${f(x[i])}: density ${plain(v.density_a && v.density_a[i])} in A, ${plain(v.density_b && v.density_b[i])} in B`;
  const line = (name, y, color, style) => (y ? [lineSeries(name, x, y, color, { areaStyle: { color, opacity: 0.13 }, lineStyle: { color, width: 2, type: style } })] : []);
  const mean = (value, color, type) => ({ xAxis: value, lineStyle: { color, type, width: 1.5 } });
  return {
    title: `${v.metric}: both distributions`, height: 320, points: 2 * x.length,
    says: `Densities of ${v.metric}: ${nameA} has mean ${f(v.mean_a)}, ${nameB} ${f(v.mean_b)}; the difference is ${f(v.difference)}${ci ? `, between ${f(ci.low)} and ${f(ci.high)}` : ""}.`,
    caption: `${nameA} (${plural(v.n_a, "run")}), ${nameB} (${plural(v.n_b, "run")}). Vertical lines: the means.`,
    head: [v.metric, `density of ${nameA}`, `density of ${nameB}`], rows: () => x.map((value, i) => [plain(value), plain(v.density_a && v.density_a[i]), plain(v.density_b && v.density_b[i])]),
    keys: { series: 0, n: x.length, text },
    option: (t, wide) => ({
      legend: legend([nameA, nameB], { itemGap: 24 }), grid: { left: 64, right: 30, top: 34, bottom: 46 },
      tooltip: { ...common().tooltip, trigger: "axis", formatter: (p) => escaped(text(p[0].dataIndex)) },
      xAxis: acrossAxis(wide, v.metric, x[0], x[x.length - 1]),
      yAxis: axis("density", { min: 0, scale: false, axisLabel: { show: false }, nameGap: 16, axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: true, lineStyle: { color: t.grid } } }),
      series: [...line(nameA, v.density_a, t.a, "solid"), ...line(nameB, v.density_b, t.b, [6, 3]),
        { type: "line", data: [], markLine: { silent: true, precision: 15, symbol: "none", label: { show: false }, data: [mean(v.mean_a, t.a, "solid"), mean(v.mean_b, t.b, [6, 3])] } }],
    }),
  };
}
