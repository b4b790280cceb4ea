/* plot.c - one plot of a study's report, as an SVG or a PNG file. The page's figures.js draws the same numbers.
 * SPDX-License-Identifier: MIT */
#include "report/plot.h"

#include <math.h>   /* isfinite, NAN */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* malloc, free */
#include <string.h> /* strcmp */

#include "common/array.h"     /* text_format */
#include "report/axes.h"      /* struct axes */
#include "report/labels.h"    /* label_width */
#include "report/page.h"      /* REPORT_ERROR_NBYTES */
#include "report/plot_data.h" /* struct column */
#include "report/words.h"     /* words_percent */

enum { WIDTH = 720, HEIGHT = 440, TITLE_SIZE = 15, NOTE_SIZE = 11, POINTS_MOST = 20000, RUG_MOST = 2000 };

static const struct ink_style line_a = {.fill = INK_NONE, .stroke = COLOUR_A, .width = 2},
                              line_b = {.fill = INK_NONE, .stroke = COLOUR_B, .width = 2},
                              dashed_b = {.fill = INK_NONE, .stroke = COLOUR_B, .width = 2, .dash = 6},
                              bar = {.fill = COLOUR_A_SOFT, .stroke = INK_NONE},
                              thin = {.fill = INK_NONE, .stroke = COLOUR_INK, .width = 1.2};

struct plot {
    const json_t *report, *metric; /* metric: of the sources and the comparison, their entry */
    const char *name;              /* of the metric */
    struct axes axes;
    char *note; /* under the plot */
};

static void words(const struct plot *plot, double x, double y, double size, enum ink_anchor anchor, int colour,
                  const char *text)
{
    plot->axes.ink->device->text(plot->axes.ink, x, y, size, anchor, false, colour, text);
}

/* A line and its name, above the plot; gives where it begins. */
static double key(const struct plot *plot, double right, const struct ink_style *style, const char *text)
{
    double width = 7.0 * (double)label_width(text);
    struct ink_point line[2] = {{right - width - 32, 46}, {right - width - 8, 46}};
    plot->axes.ink->device->shape(plot->axes.ink, line, 2, false, style);
    words(plot, right - width, 50, 12, INK_START, COLOUR_INK, text);
    return right - width - 32;
}

/* ---- each plot sets its axes from its numbers, then draws ---- */

static double quantile_of(const json_t *metric, double level)
{
    size_t i;
    json_t *pair;
    json_array_foreach(json_object_get(metric, "quantiles"), i, pair)
    {
        if (json_number_value(json_array_get(pair, 0)) == level)
            return json_is_number(json_array_get(pair, 1)) ? json_number_value(json_array_get(pair, 1)) : NAN;
    }
    return NAN;
}

/* Each value, and the middle half with the median, beneath the bars. */
static void draw_strip(const struct plot *plot, struct axes axes)
{
    const struct ink_style tick = {.fill = INK_NONE, .stroke = COLOUR_INK, .width = 0.7, .opacity = 0.5},
                           box = {.fill = COLOUR_A_SOFT, .stroke = COLOUR_A, .width = 1.5},
                           whisker = {.fill = INK_NONE, .stroke = COLOUR_A, .width = 1.5},
                           median = {.fill = INK_NONE, .stroke = COLOUR_INK, .width = 2.5};
    struct column values = column_of(plot->metric, "values");

    axes.top = axes.bottom + 6;
    axes.bottom = axes.top + 40;
    axes.y_low = 0;
    axes.y_high = 1;
    for (size_t i = 0; values.n <= RUG_MOST && i < values.n; i++)
        if (isfinite(values.numbers[i]))
            axes_segment(&axes, values.numbers[i], 0.75, values.numbers[i], 1, &tick);
    axes_segment(&axes, quantile_of(plot->metric, 0.05), 0.35, quantile_of(plot->metric, 0.95), 0.35, &whisker);
    axes_box(&axes, quantile_of(plot->metric, 0.25), 0.2, quantile_of(plot->metric, 0.75), 0.5, &box);
    axes_segment(&axes, quantile_of(plot->metric, 0.5), 0.2, quantile_of(plot->metric, 0.5), 0.5, &median);
    axes_draw_x(&axes, plot->name, false);
    column_free(&values);
}

static void plot_distribution(struct plot *plot)
{
    const json_t *histogram = json_object_get(plot->metric, "histogram"),
                 *density = json_object_get(plot->metric, "density");
    const struct ink_style mean_line = {.fill = INK_NONE, .stroke = COLOUR_INK, .width = 1.2, .dash = 4};
    struct column counts = column_of(histogram, "counts"), x = column_of(density, "x"), y = column_of(density, "y");
    double low = number_of(histogram, "low"), width = number_of(histogram, "width"),
           mean = number_of(plot->metric, "mean");
    struct axes *axes = &plot->axes;

    axes->x_low = x.n ? x.numbers[0] : low - width / 2;
    axes->x_high = x.n ? x.numbers[x.n - 1] : low + width * ((double)counts.n + 0.5);
    axes->bottom = HEIGHT - 118;
    axes->y_low = 0;
    for (size_t i = 0; i < counts.n; i++)
        axes->y_high = fmax(axes->y_high, 1.05 * counts.numbers[i]);
    for (size_t i = 0; i < y.n; i++) {
        y.numbers[i] *= number_of(plot->metric, "n") * width;
        axes->y_high = fmax(axes->y_high, 1.05 * y.numbers[i]);
    }
    axes->y_whole = true;
    axes_draw_y(axes, "runs", false);
    for (size_t i = 0; i < counts.n; i++)
        axes_box(axes, low + width * (double)i, 0, low + width * ((double)i + 0.96), counts.numbers[i], &bar);
    axes_line(axes, x.numbers, y.numbers, y.n, &line_a);
    axes_segment(axes, mean, 0, mean, axes->y_high, &mean_line);
    axes_draw_x(axes, NULL, false);
    draw_strip(plot, *axes);
    plot->note = text_format("Bars: runs; line: density. Below: each run, 5 %% to 95 %%, the middle half, the median. "
                             "Dashed: the mean, %.6g "
                             "(sd %.3g).",
                             mean, number_of(plot->metric, "sd"));
    column_free(&counts);
    column_free(&x);
    column_free(&y);
}

/* Seeds are the axis where they are a range, else their places in order. */
struct seed_axis {
    bool by_seed;
    double first, last;
};

static struct seed_axis seed_axis_of(const json_t *points, const struct column *seeds)
{
    const char *name = json_string_value(json_object_get(points, "axis"));
    struct seed_axis axis = {.by_seed = name && strcmp(name, "seed") == 0 && seeds->n,
                             .last = number_of(points, "of") - 1};
    if (axis.by_seed) {
        axis.first = seeds->numbers[0];
        axis.last = fmax(axis.last + axis.first, seeds->numbers[seeds->n - 1]);
    }
    return axis;
}

static void draw_running(const struct plot *plot, const struct seed_axis *axis)
{
    const json_t *running = json_object_get(plot->metric, "running");
    struct column n = column_of(running, axis->by_seed ? "seed" : "n"), mean = column_of(running, "mean"),
                  half = column_of(running, "half");
    struct column low = column_of(running, "mean"), high = column_of(running, "mean");

    for (size_t i = 0; i < mean.n; i++) { /* the first intervals are wider than the sheet */
        low.numbers[i] = fmax(mean.numbers[i] - half.numbers[i], plot->axes.y_low);
        high.numbers[i] = fmin(mean.numbers[i] + half.numbers[i], plot->axes.y_high);
    }
    axes_band(&plot->axes, n.numbers, low.numbers, high.numbers, mean.n, COLOUR_B, 0.25);
    axes_line(&plot->axes, n.numbers, mean.numbers, mean.n, &line_b);
    column_free(&n);
    column_free(&mean);
    column_free(&half);
    column_free(&low);
    column_free(&high);
}

static void draw_outliers(const struct plot *plot, const struct seed_axis *axis)
{
    const struct ink_style ring = {.fill = INK_NONE, .stroke = COLOUR_B, .width = 1.8};
    const struct axes *axes = &plot->axes;
    size_t i;
    json_t *outlier;

    json_array_foreach(json_object_get(plot->metric, "outliers"), i, outlier)
    {
        double x = axes_x(axes, number_of(outlier, axis->by_seed ? "seed" : "at")),
               y = axes_y(axes, number_of(outlier, "value"));
        axes->ink->device->circle(axes->ink, x, y, 5, &ring);
    }
}

static void plot_seeds(struct plot *plot)
{
    const json_t *points = json_object_get(plot->report, "points"), *band = json_object_get(plot->metric, "band");
    struct column seeds = column_of(points, "seeds"), values = column_of(plot->metric, "values");
    struct seed_axis axis = seed_axis_of(points, &seeds);
    double stride = number_of(points, "stride");
    size_t every = (values.n + POINTS_MOST - 1) / POINTS_MOST;
    struct axes *axes = &plot->axes;
    const struct ink_style dot = {.fill = COLOUR_A, .stroke = INK_NONE, .opacity = values.n > 2000 ? 0.35 : 0.7};

    axes->x_whole = true;
    axes->x_low = axis.by_seed ? axis.first : 0;
    axes->x_high = fmax(axis.last, axes->x_low + 1);
    axes->y_low = number_of(plot->metric, "min");
    axes->y_high = number_of(plot->metric, "max");
    axes_widen(&axes->y_low, &axes->y_high, 0.04);
    axes_draw_y(axes, plot->name, false);
    if (json_is_object(band)) {
        struct column from = column_of(band, axis.by_seed ? "seed" : "from"), low = column_of(band, "q05"),
                      high = column_of(band, "q95");
        axes_band(axes, from.numbers, low.numbers, high.numbers, from.n, COLOUR_MUTED, 0.25);
        column_free(&from);
        column_free(&low);
        column_free(&high);
    }
    for (size_t i = 0; i < values.n; i += every ? every : 1)
        if (isfinite(values.numbers[i])) {
            double x = axis.by_seed && i < seeds.n ? seeds.numbers[i] : (double)i * stride;
            axes->ink->device->circle(axes->ink, axes_x(axes, x), axes_y(axes, values.numbers[i]),
                                      values.n > 2000  ? 1.2
                                      : values.n > 300 ? 1.8
                                                       : 2.8,
                                      &dot);
        }
    draw_running(plot, &axis);
    draw_outliers(plot, &axis);
    axes_draw_x(axes, axis.by_seed ? "seed" : "run, in the order of seeds", false);
    plot->note = text_format(
        "A point is a run%s. Line: mean of the seeds up to there, with its 95 %% interval. Ringed: outliers.",
        stride * (double)every > 1 ? " (not every one is drawn; the grey band is 5 % to 95 % of all)" : "");
    column_free(&seeds);
    column_free(&values);
}

static void plot_best(struct plot *plot)
{
    const json_t *best = json_object_get(plot->metric, "best");
    struct column k = column_of(best, "k"), high = column_of(best, "max"), low = column_of(best, "min");
    const char *direction = json_string_value(json_object_get(plot->metric, "direction"));
    bool with_high = !direction || strcmp(direction, "higher") == 0, with_low = !direction || !with_high;
    struct axes *axes = &plot->axes;

    axes->x_whole = true;
    axes->x_low = 1;
    axes->x_high = k.n && k.numbers[k.n - 1] > 1 ? k.numbers[k.n - 1] : 2;
    axes->x_log = axes->x_high > 20;
    axes->y_low = k.n ? (with_low ? low : high).numbers[with_low ? k.n - 1 : 0] : 0;
    axes->y_high = k.n ? (with_high ? high : low).numbers[with_high ? k.n - 1 : 0] : 1;
    axes_widen(&axes->y_low, &axes->y_high, 0.06);
    axes_draw_y(axes, plot->name, false);
    if (with_high)
        axes_line(axes, k.numbers, high.numbers, k.n, &line_a);
    if (with_low)
        axes_line(axes, k.numbers, low.numbers, k.n, &dashed_b);
    axes_draw_x(axes, "k: runs tried", false);
    if (!direction) {
        double left = key(plot, axes->right, &dashed_b, "if lower is better");
        (void)key(plot, left - 20, &line_a, "if higher is better");
    }
    plot->note = text_format(
        "Expected best of k runs: what trying k seeds and keeping the best gives, with nothing changed but the seed.");
    column_free(&k);
    column_free(&high);
    column_free(&low);
}

static void plot_steps(struct plot *plot)
{
    const json_t *steps = json_object_get(plot->metric, "steps");
    struct column x = column_of(steps, "step"), q05 = column_of(steps, "q05"), q25 = column_of(steps, "q25"),
                  median = column_of(steps, "median"), q75 = column_of(steps, "q75"), q95 = column_of(steps, "q95");
    struct axes *axes = &plot->axes;

    axes->x_low = x.n ? x.numbers[0] : 0;
    axes->x_high = x.n > 1 ? x.numbers[x.n - 1] : axes->x_low + 1;
    axes->x_whole = true;
    axes->y_low = INFINITY;
    axes->y_high = -INFINITY;
    for (size_t i = 0; i < x.n; i++) {
        axes->x_whole = axes->x_whole && x.numbers[i] == floor(x.numbers[i]);
        axes->y_low = fmin(axes->y_low, q05.numbers[i]);
        axes->y_high = fmax(axes->y_high, q95.numbers[i]);
    }
    axes_widen(&axes->y_low, &axes->y_high, 0.04);
    axes_draw_y(axes, plot->name, false);
    axes_band(axes, x.numbers, q05.numbers, q95.numbers, x.n, COLOUR_A, 0.18);
    axes_band(axes, x.numbers, q25.numbers, q75.numbers, x.n, COLOUR_A, 0.3);
    axes_line(axes, x.numbers, median.numbers, x.n, &line_a);
    axes_draw_x(axes, "step", false);
    plot->note =
        text_format("Line: median of %.0f runs; bands: the middle half, and 5 %% to 95 %%.", number_of(steps, "runs"));
    column_free(&x);
    column_free(&q05);
    column_free(&q25);
    column_free(&median);
    column_free(&q75);
    column_free(&q95);
}

/* A source's bar, its interval and its total share; y: its middle on the axis. */
static void draw_share(const struct plot *plot, const json_t *share, const char *first, const char *interval, double y,
                       const char *name)
{
    const struct axes *axes = &plot->axes;
    const struct ink_style ring = {.fill = 0xffffff, .stroke = COLOUR_B, .width = 2};
    const json_t *ci = json_object_get(share, interval);
    double total = number_of(share, "total");

    if (isfinite(number_of(share, first)))
        axes_box(axes, 0, y - 0.25, number_of(share, first), y + 0.25, &bar);
    if (json_is_object(ci)) {
        double low = number_of(ci, "low"), high = number_of(ci, "high");
        axes_segment(axes, low, y, high, y, &thin);
        axes_segment(axes, low, y - 0.1, low, y + 0.1, &thin);
        axes_segment(axes, high, y - 0.1, high, y + 0.1, &thin);
    }
    if (isfinite(total))
        axes->ink->device->circle(axes->ink, axes_x(axes, total), axes_y(axes, y), 5, &ring);
    words(plot, axes->left - 8, axes_y(axes, y) + 4, 12, INK_END, COLOUR_INK, name);
}

/* The least and greatest share with its interval. */
static void share_range(const json_t *share, const char *first, const char *interval, struct axes *axes)
{
    const json_t *ci = json_object_get(share, interval);
    const double numbers[] = {number_of(share, first), number_of(share, "total"), number_of(ci, "low"),
                              number_of(ci, "high")};
    for (size_t i = 0; i < 4; i++) {
        axes->x_low = fmin(axes->x_low, numbers[i]); /* fmin passes over nan */
        axes->x_high = fmax(axes->x_high, numbers[i]);
    }
}

static void plot_sources(struct plot *plot)
{
    const json_t *shares = json_object_get(plot->metric, "shares");
    const char *rest = "rest (others, interaction, noise)";
    size_t n = json_array_size(shares), i;
    struct axes *axes = &plot->axes;
    json_t *share;

    size_t longest = label_width(rest);
    axes->x_high = 1;
    axes->y_high = (double)n + 1;
    json_array_foreach(shares, i, share)
    {
        const char *name = json_string_value(json_object_get(share, "name"));
        longest = name && label_width(name) > longest ? label_width(name) : longest;
        share_range(share, "first", "first_ci", axes);
    }
    axes->left = fmin(18 + 7.0 * (double)longest, WIDTH / 2);
    share_range(plot->metric, "rest", "rest_ci", axes);
    axes->x_high += 0.03 * (axes->x_high - axes->x_low);
    json_array_foreach(shares, i, share)
    {
        const char *name = json_string_value(json_object_get(share, "name"));
        draw_share(plot, share, "first", "first_ci", (double)n + 0.5 - (double)i, name ? name : "?");
    }
    draw_share(plot, plot->metric, "rest", "rest_ci", 0.5, rest);
    axes_segment(axes, 0, 0, 0, axes->y_high, &thin); /* shares below it are chance */
    char *name = text_format("share of the variance of %s", plot->name);
    axes_draw_x(axes, name, true);
    free(name);
    plot->note =
        text_format(json_is_false(json_object_get(plot->metric, "sure"))
                        ? "Bars: share alone (first order); rings: with interactions (total). A hint only: %.0f "
                          "replications are too few for intervals."
                        : "Bars: share alone (first order) with 95 %% intervals; rings: with interactions "
                          "(total). %.0f replications.",
                    number_of(plot->metric, "n"));
}

static char *named(const json_t *report, const char *letter, const char *which)
{
    const char *label = json_string_value(json_object_get(json_object_get(report, "versus"), which));
    return text_format("%s: %s", letter, label ? label : "?");
}

static void plot_comparison(struct plot *plot)
{
    struct column x = column_of(plot->metric, "x"), a = column_of(plot->metric, "density_a"),
                  b = column_of(plot->metric, "density_b");
    const json_t *ci = json_object_get(plot->metric, "ci");
    double mean_a = number_of(plot->metric, "mean_a"), mean_b = number_of(plot->metric, "mean_b");
    struct column zero = column_of(plot->metric, "x");
    struct axes *axes = &plot->axes;

    axes->x_low = x.n ? x.numbers[0] : fmin(mean_a, mean_b);
    axes->x_high = x.n ? x.numbers[x.n - 1] : fmax(mean_a, mean_b);
    if (x.n == 0 || !(axes->x_high > axes->x_low))
        axes_widen(&axes->x_low, &axes->x_high, 0.1);
    for (size_t i = 0; i < a.n; i++)
        axes->y_high = fmax(axes->y_high, 1.05 * a.numbers[i]);
    for (size_t i = 0; i < b.n; i++)
        axes->y_high = fmax(axes->y_high, 1.05 * b.numbers[i]);
    axes->y_high = axes->y_high > 0 ? axes->y_high : 1;
    for (size_t i = 0; i < zero.n; i++)
        zero.numbers[i] = 0;
    axes_band(axes, x.numbers, zero.numbers, a.numbers, a.n, COLOUR_A, 0.13);
    axes_band(axes, x.numbers, zero.numbers, b.numbers, b.n, COLOUR_B, 0.13);
    axes_line(axes, x.numbers, a.numbers, a.n, &line_a);
    axes_line(axes, x.numbers, b.numbers, b.n, &dashed_b);
    axes_segment(axes, mean_a, 0, mean_a, axes->y_high, &line_a);
    axes_segment(axes, mean_b, 0, mean_b, axes->y_high, &dashed_b);
    axes_draw_x(axes, plot->name, false);
    char *name_a = named(plot->report, "A", "label_a"), *name_b = named(plot->report, "B", "label_b");
    (void)key(plot, key(plot, axes->right, &dashed_b, name_b) - 20, &line_a, name_a);
    free(name_a);
    free(name_b);
    const double difference = number_of(plot->metric, "difference");
    const char *verdict = json_string_value(json_object_get(plot->metric, "verdict"));
    char *share = words_percent(number_of(plot->metric, "p_b_above"));
    if (json_is_object(ci) && !json_is_true(json_object_get(plot->metric, "too_few"))) {
        plot->note = text_format("B - A: %.4g (95 %% interval %.4g to %.4g). A run of B is above one of A in %s.",
                                 difference, number_of(ci, "low"), number_of(ci, "high"), share);
    } else { /* few runs, or no spread: the verdict's first sentence, there is room for that */
        const char *end = verdict ? strstr(verdict, ". ") : NULL;
        plot->note =
            text_format("B - A: %.4g. %.*s", difference, end ? (int)(end + 1 - verdict) : 200, verdict ? verdict : "");
    }
    free(share);
    column_free(&x);
    column_free(&a);
    column_free(&b);
    column_free(&zero);
}

/* ---- which, and of what ---- */

static const struct kind {
    const char *name, *title, *needs; /* needs: the field of a metric without which there is nothing to draw */
    void (*draw)(struct plot *plot);
} kinds[] = {
    {"distribution", "distribution", "histogram", plot_distribution},
    {"seeds", "values over seeds", "running", plot_seeds},
    {"best-of-k", "expected best of k runs", "best", plot_best},
    {"steps", "by step", "steps", plot_steps},
    {"sources", "where the variance comes from", "shares", plot_sources},
    {"comparison", "A against B", "x", plot_comparison},
};

static const struct kind *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

bool plot_known(const char *name)
{
    return find_kind(name) != NULL;
}

/* The entry of sources or of the comparison that belongs to the metric, or the metric itself. */
static const json_t *find_entry(const json_t *report, const struct kind *kind, const char *metric)
{
    const json_t *list = strcmp(kind->name, "sources") == 0 ? json_object_get(report, "sources")
                         : strcmp(kind->name, "comparison") == 0
                             ? json_object_get(json_object_get(report, "versus"), "metrics")
                             : NULL;
    size_t i;
    json_t *entry;

    if (strcmp(kind->name, "sources") != 0 && strcmp(kind->name, "comparison") != 0)
        return json_array_get(json_object_get(report, "metrics"), 0);
    json_array_foreach(list, i, entry)
    {
        if (strcmp(metric, json_string_value(json_object_get(entry, "metric"))) == 0)
            return entry;
    }
    return NULL;
}

static char *runs_text(const struct kind *kind, const json_t *metric, const json_t *entry)
{
    if (kind->draw == plot_comparison)
        return text_format("%.0f and %.0f runs; upright lines: the means", number_of(entry, "n_a"),
                           number_of(entry, "n_b"));
    const double n = number_of(metric, "n");
    return text_format("%.0f run%s", n, n == 1 ? "" : "s");
}

bool report_plot(const char *path, const json_t *report, const char *name, char *error)
{
    const struct kind *kind = find_kind(name);
    const json_t *first = json_array_get(json_object_get(report, "metrics"), 0);
    const char *metric = json_string_value(json_object_get(first, "name"));
    const json_t *entry = metric ? find_entry(report, kind, metric) : NULL,
                 *needed = json_object_get(entry, kind->needs);
    size_t length = strlen(path);

    if (!needed || json_is_null(needed)) {
        snprintf(error, REPORT_ERROR_NBYTES, "--plot %s: the study has nothing for it%s", name,
                 strcmp(name, "comparison") == 0 ? "; --vs names what to compare with"
                 : strcmp(name, "sources") == 0  ? " (scan --vary-source makes it)"
                                                 : "");
        return false;
    }
    if (kind->draw == plot_distribution && !(number_of(entry, "max") > number_of(entry, "min"))) {
        snprintf(error, REPORT_ERROR_NBYTES, "--plot %s: every run gave %g: there is nothing to draw", name,
                 number_of(entry, "min"));
        return false;
    }
    struct plot plot = {.report = report,
                        .metric = entry,
                        .name = metric,
                        .axes = {.left = 82, .right = WIDTH - 40, .top = 62, .bottom = HEIGHT - 78, .y_high = 0}};
    char *title = text_format("%s: %s", metric, kind->title);
    char *runs = runs_text(kind, first, entry);
    plot.axes.ink = strcmp(path + length - 4, ".png") == 0 ? ink_png(path, WIDTH, HEIGHT, error)
                                                           : ink_svg(path, WIDTH, HEIGHT, title, runs, error);
    bool ok = plot.axes.ink != NULL;
    if (ok) {
        words(&plot, 18, 28, TITLE_SIZE, INK_START, COLOUR_INK, title);
        words(&plot, WIDTH - 22, 28, 12, INK_END, COLOUR_MUTED, runs);
        kind->draw(&plot);
        words(&plot, 18, HEIGHT - 12, NOTE_SIZE, INK_START, COLOUR_MUTED, plot.note);
        ok = plot.axes.ink->device->close(plot.axes.ink, ok, error);
    }
    free(title);
    free(runs);
    free(plot.note);
    return ok;
}
