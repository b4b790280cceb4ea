/* study.js - the report of a study. */

/* A list of words as a shell would take it. */
function commandText(command) {
  return list(command).map((word) => (/^[\w@%+=:,./{}-]+$/.test(word) ? word : `'${String(word).replace(/'/g, "'\\''")}'`)).join(" ") || String(command || "");
}

const intervalText = (ci, f) => (ci ? `${f(ci.low)} to ${f(ci.high)}` : "–");

/* By more than rounding. */
const varies = (m) => m.min !== m.max && m.spread !== false;

function metricLead(m, ownSeeds) {
  const f = numberFormat(m.sd, m.mean), notes = [];
  if (m.n_missing) notes.push(`${plural(m.n_missing, "run")} ended well without it`);
  if (m.n_nan) notes.push(`${plural(m.n_nan, "run")} gave nan`);
  if (m.n_infinite) notes.push(`${plural(m.n_infinite, "run")} gave an infinity`);
  const without = notes.length ? ` Not among these numbers: ${notes.join(", ")}.` : "";
  if (!m.n) return [el("p", { class: "lead" }, "No run gave a number."), without && el("p", null, without)];
  if (m.n === 1) return [el("p", { class: "lead" }, `One run: ${plain(m.mean)}. One run says nothing about luck.`), without && el("p", null, without)];
  if (!varies(m)) return [el("p", { class: "lead" }, `Every one of ${plural(m.n, "run")} gave ${plain(m.min)}: ${ownSeeds ? `${ownSeeds} (scan --reseed shifts it)` : "the seed has no effect on it, or the program seeds itself"}.`), without && el("p", null, without)];
  return [
    el("p", { class: "lead" }, `Mean ${f(m.mean)}${m.mean_ci ? ` (95 % interval ${intervalText(m.mean_ci, f)})` : ""}, standard deviation ${f(m.sd)}, over ${plural(m.n, "run")}.`),
    el("p", null, `Half of the runs lie between ${f(quantile(m, 0.25))} and ${f(quantile(m, 0.75))}; the lowest is ${f(m.min)} (seed ${m.min_seed}), the highest ${f(m.max)} (seed ${m.max_seed}). ` +
      `${typeof m.expected_highest === "number" ? `Of ${count(m.n)} draws from a normal distribution one would expect ${f(m.expected_lowest)} and ${f(m.expected_highest)}. ` : ""}` +
      `${typeof m.normality_p === "number" ? (m.normality_p < 0.05 ? `The values are not normally distributed (${m.normality_method}, p ${probability(m.normality_p)}).` : `Nothing speaks against a normal distribution (${m.normality_method}, p ${probability(m.normality_p)}).`) : ""}${without}`),
    typeof m.found_difference === "number" ? el("p", null, `Two variants with so many runs each show a difference of ${f(m.found_difference)} with a probability of 80 %.` +
      (typeof m.n_for_half_interval === "number" ? ` An interval half as wide needs ${count(Math.ceil(m.n_for_half_interval))} runs.` : "")) : null];
}

/* What a value far out is called depends on what is better. */
function sideText(m, high) {
  const side = high ? "high" : "low";
  if (!m.direction) return side;
  return `${(m.direction === "higher") === high ? "lucky" : "unlucky"} (${side})`;
}

function outlierTable(m) {
  const f = numberFormat(m.sd, m.mean);
  if (!list(m.outliers).length) return [el("h3", null, "Seeds far out"), el("p", null, "None: no run is further out than so many draws explain.")];
  return [el("h3", null, "Seeds far out"),
    el("p", null, `Runs that the others do not explain${m.more_outliers ? "; there may be more" : ""}. The last column: how likely any of ${count(m.n)} draws from the others' normal distribution is that far out. ${m.outliers_note || ""}`),
    table(`Outliers of ${m.name}`, ["seed", m.name, "side", "sd of the others from their mean", "probability"],
      m.outliers.map((o) => [String(o.seed), f(o.value), sideText(m, o.high), typeof o.sds === "number" ? o.sds.toFixed(1) : "–", probability(o.p_any)]), [2])];
}

function metricSection(m, points, ownSeeds) {
  const element = section(m.name, "metric", metricLead(m, ownSeeds));
  if (m.n && m.histogram) {
    if (m.n > 1 && varies(m)) {
      element.append(figure(distributionFigure(m)), figure(seedsFigure(m, points)), figure(bestFigure(m)), ...outlierTable(m));
    }
    if (m.steps && m.steps.step.length > 1) element.append(figure(stepsFigure(m)));
  }
  if (m.how) element.append(el("p", { class: "muted" }, "Measured by ", el("code", null, m.how)));
}

function versusSection(versus, nameA) {
  const element = section(`A against B`, "versus", el("p", null, `A is this study (${nameA}), B is ${versus.name}. ${versus.reseed_note || ""}`));
  for (const v of list(versus.metrics)) {
    const f = numberFormat(Math.min(v.sd_a || v.sd_b, v.sd_b || v.sd_a), v.mean_a);
    element.append(el("h3", null, v.metric),
      el("p", { class: "lead" }, `B's mean is ${f(Math.abs(v.difference))} ${v.difference >= 0 ? "above" : "below"} A's` +
        `${v.ci ? ` (95 % interval of B − A: ${intervalText(v.ci, f)})` : ""}. ${v.verdict || ""}`),
      el("p", null, [v.without, v.rates].filter(Boolean).join(" ")),
      facts([
        ["Compared", v.paired ? `${plural(v.n_a, "pair")} of equal seeds` : `${plural(v.n_a, "run")} of A with ${plural(v.n_b, "run")} of B`],
        typeof v.p_b_better === "number" ? ["A run of B is better than one of A", `${percent(v.p_b_better, 1)}${v.p_b_better_ci ? ` (${percent(v.p_b_better_ci.low, 1)} to ${percent(v.p_b_better_ci.high, 1)})` : ""}`] :
          ["A run of B is above one of A", `${percent(v.p_b_above, 1)}${v.p_b_above_ci ? ` (${percent(v.p_b_above_ci.low, 1)} to ${percent(v.p_b_above_ci.high, 1)})` : ""}`],
        v.paired ? ["Same seed, B above A", `${count(v.n_b_above)} of ${count(v.n_a)}${v.n_equal ? `, ${count(v.n_equal)} equal` : ""}`] : ["", ""],
        ["Permutation test of no difference", typeof v.permutation_p === "number" ? `p ${probability(v.permutation_p)}` : undefined],
        ["Size of the difference", typeof v.cohen_d === "number" ? `${v.cohen_d.toFixed(2)} standard deviations` : undefined],
        ["Whole distribution", v.order || undefined],
        ["Runs of each for a difference of this size", typeof v.n_for_this === "number" ? count(Math.ceil(v.n_for_this)) : undefined],
      ]), v.density_a || v.density_b ? figure(versusFigure(v, versus)) : null);
  }
  if (!list(versus.metrics).length) element.append(el("p", null, "The two studies have no metric of the same name."));
}

function failureSection(report) {
  const shown = list(report.failures);
  if (!shown.length) return;
  const element = section(`Runs that failed (${count(report.n_failures)})`, "failures",
    el("p", null, "They are in none of the numbers above: a mean without its failures is no mean."));
  for (const run of shown) {
    const what = [run.status, run.sources && `sources ${run.sources}`, run.repeat && `repetition ${run.repeat}`, duration(run.seconds)].filter(Boolean).join(", ");
    element.append(el("h3", null, `Seed ${run.seed}: ${what}`), run.tail ? el("pre", { tabindex: "0" }, run.tail) : el("p", { class: "muted" }, "It left no words."));
  }
  if (report.n_failures > shown.length) element.append(el("p", { class: "muted" }, `The first ${count(shown.length)} of ${count(report.n_failures)}.`));
}

function sourcesSection(sources) {
  if (!Array.isArray(sources)) return;
  const element = section("Variance by source", "sources");
  for (const s of sources) element.append(list(s.shares).length ? figure(sourcesFigure(s)) : el("p", null, `The variance of ${s.metric}: ${list(s.notes).join(" ")}`));
}

function auditText(audit) {
  if (!audit) return undefined;
  if (!audit.different) return `${plural(audit.repeated, "seed")} repeated: all gave the same again`;
  return `${plural(audit.repeated, "seed")} repeated, ${count(audit.different)} gave another result: ${audit.seeds.slice(0, 20).join(", ")}${audit.different > 20 ? " …" : ""}`;
}

const isObject = (value) => value && typeof value === "object" && !Array.isArray(value);

/* Names and what belongs to each: versions of packages, digests of files. */
function pairsText(value) {
  if (!isObject(value)) return value && el("code", null, String(value));
  const pairs = Object.entries(value);
  return pairs.length ? el("details", null, el("summary", null, plural(pairs.length, "entry", "entries")), el("p", null, pairs.map(([name, text]) => `${name} ${text}`).join(", "))) : undefined;
}

const KNOWN = ["torch", "torchvision", "lightning", "transformers", "tensorflow", "keras", "jax", "flax", "numpy", "scipy", "scikit-learn", "pandas", "xgboost", "lightgbm", "gymnasium"];

/* Python and the packages that readers ask for first. */
function versionsText(environment) {
  if (!isObject(environment)) return undefined;
  const known = KNOWN.filter((name) => typeof environment[name] === "string").map((name) => `${name} ${environment[name]}`);
  return [environment.python && `Python ${environment.python}`, ...known].filter(Boolean).join(", ");
}

function optionsText(options) {
  if (!isObject(options)) return undefined;
  return [options.preload && `preloaded: ${options.preload}`, options.timeout && `time-out ${duration(options.timeout)}`, options.retries && plural(options.retries, "retry", "retries"), options.reseed && "its own seeds shifted (--reseed)"].filter(Boolean).join(", ");
}

function buildStudy(report) {
  const { study, runs, metrics } = report;
  const lost = ["failed", "timeout", "lost"].filter((status) => runs[status]).map((status) => `${count(runs[status])} ${status}`);
  const command = commandText(study.command), commandB = report.versus ? commandText(report.versus.command) : "";
  const other = commandB && commandB !== command ? commandB : "";
  head("oneseed report", study.name,
    el("p", null, other ? "A: " : "", el("code", null, command)), ...(other ? [el("p", null, "B: ", el("code", null, other))] : []),
    facts([
      ["Runs", `${count(runs.done)} done${lost.length ? `, ${lost.join(", ")}` : ""}${runs.varied ? ` (${count(runs.varied)} with a source varied)` : ""}`],
      ["Seeds", study.seeds], ["Level", study.level], ["Seeds of its own", study.own_seeds],
      ["Sources", Array.isArray(study.sources) ? study.sources.join(", ") : study.sources],
      ["Same seed, same result?", auditText(report.audit)],
      ["Time", runs.busy_seconds ? `${duration(runs.busy_seconds)} of running, ${duration(runs.median_seconds)} a run (median)` : undefined],
      ["Peak memory", runs.peak_kib ? `${count(Math.round(runs.peak_kib / 1024))} MiB` : undefined],
      ["Directory", study.directory], ["Begun", study.created], ["Options", optionsText(study.options)],
      ["Versions", versionsText(study.environment)], ["Environment", pairsText(study.environment)], ["Digests of its files", pairsText(study.script)],
      ["Went on although changed", typeof study.forced === "string" ? study.forced : isObject(study.forced) ? pairsText(study.forced) : undefined],
    ]));
  for (const m of metrics) part(m.name, () => metricSection(m, report.points, study.own_seeds));
  if (report.versus) part("A against B", () => versusSection(report.versus, study.name));
  part("Variance by source", () => sourcesSection(report.sources));
  part("Runs that failed", () => failureSection(report));
}
