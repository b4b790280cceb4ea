/* page_summary.c - what a page says without its program: numbers and sentences in plain HTML.
 * SPDX-License-Identifier: MIT
 *
 * For readers with scripts switched off, for those who let a page be read aloud, and for paper. All of it is in the report's document, which
 * may be somebody else's: what is not as it should be is left out. */
#include "report/page_summary.h"

#include <math.h>   /* isfinite */
#include <stdlib.h> /* free */
#include <string.h> /* strcmp */

#include "common/array.h"     /* text_format */
#include "report/digits.h"    /* digits_text */
#include "report/plot_data.h" /* number_of */
#include "report/report.h"    /* report_command */
#include "report/words.h"     /* words_count */

enum { OUTLIERS_SHOWN = 5 };

void html_text(const char *text, FILE *file)
{
    for (; *text; text++) {
        if (*text == '<' || *text == '>' || *text == '&' || *text == '"')
            fprintf(file, "&#%d;", *text);
        else
            putc(*text, file);
    }
}

/* Takes the text; NULL: nothing. */
static void put(FILE *file, const char *before, char *text, const char *after)
{
    if (text) {
        fputs(before, file);
        html_text(text, file);
        fputs(after, file);
    }
    free(text);
}

static const char *string_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* A document's own sentence; null: nothing. */
static void put_said(FILE *file, const char *before, const json_t *text, const char *after)
{
    if (json_is_string(text))
        put(file, before, text_copy(json_string_value(text)), after);
}

static char *number_text(double value, struct digits digits)
{
    return isfinite(value) ? digits_text(digits, value) : text_copy("–");
}

static char *interval_text(const json_t *ci, double unit, struct digits digits, const char *mark)
{
    if (!json_is_object(ci))
        return text_copy("–");
    const double half =
        unit * (number_of(ci, "high") - number_of(ci, "low")) / 2; /* an interval is narrower than the spread */
    if (unit == 1 && half > 0)
        digits = digits_widened(digits_of(half, fmax(fabs(number_of(ci, "low")), fabs(number_of(ci, "high")))),
                                number_of(ci, "low"), number_of(ci, "high"), NAN);
    char *low = number_text(unit * number_of(ci, "low"), digits),
         *high = number_text(unit * number_of(ci, "high"), digits);
    char *text = text_format("%s to %s%s", low, high, mark);
    free(low);
    free(high);
    return text;
}

static size_t count_of(const json_t *object, const char *key)
{
    const double n = number_of(object, key);
    return n > 0 ? (size_t)n : 0;
}

/* ---- tables ---- */

static void begin_table(FILE *file, const char *caption, const char *const *head, size_t n)
{
    char *name = text_copy(caption);
    put(file, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"", name,
        "\"><table><caption class=\"spoken\">");
    html_text(caption, file);
    fputs("</caption><thead><tr>", file);
    for (size_t i = 0; i < n; i++)
        fprintf(file, "<th scope=\"col\">%s</th>", head[i]);
    fputs("</tr></thead>\n<tbody>\n", file);
}

static void begin_row(FILE *file, const char *name)
{
    put(file, "<tr><th scope=\"row\">", text_copy(name), "</th>");
}

static void cell(FILE *file, char *text)
{
    put(file, "<td>", text, "</td>");
}

static void end_table(FILE *file)
{
    fputs("</tbody></table></div>\n", file);
}

/* ---- metrics ---- */

static double quantile_of(const json_t *metric, double level)
{
    size_t i;
    json_t *pair;
    json_array_foreach(json_object_get(metric, "quantiles"), i, pair)
    {
        if (json_number_value(json_array_get(pair, 0)) == level && json_is_number(json_array_get(pair, 1)))
            return json_number_value(json_array_get(pair, 1));
    }
    return (double)NAN;
}

static struct digits metric_digits(const json_t *metric)
{
    const double low = number_of(metric, "min"), high = number_of(metric, "max");
    return digits_widened(digits_of(number_of(metric, "sd"), fmax(fabs(low), fabs(high))), low, high,
                          quantile_of(metric, 0.75) - quantile_of(metric, 0.25));
}

static void put_means(FILE *file, const json_t *metric, double n_failed)
{
    const struct digits digits = metric_digits(metric);
    char *mean = number_text(number_of(metric, "mean"), digits), *sd = number_text(number_of(metric, "sd"), digits);

    begin_row(file, string_of(metric, "name"));
    cell(file, words_count(number_of(metric, "n")));
    cell(file, words_count(n_failed));
    cell(file, words_count((double)(count_of(metric, "n_nan") + count_of(metric, "n_infinite") +
                                    count_of(metric, "n_missing"))));
    if (json_is_false(json_object_get(metric, "spread")))
        cell(file, text_format(number_of(metric, "n") > 1 ? "%s, all equal" : "%s", mean));
    else
        cell(file, text_format("%s ± %s", mean, sd));
    cell(file, interval_text(json_object_get(metric, "mean_ci"), 1, digits, ""));
    fputs("</tr>\n", file);
    free(mean);
    free(sd);
}

static void put_quantiles(FILE *file, const json_t *metric)
{
    static const double levels[] = {0.05, 0.25, 0.5, 0.75, 0.95};
    const struct digits digits = metric_digits(metric);

    begin_row(file, string_of(metric, "name"));
    cell(file, number_text(number_of(metric, "min"), digits));
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        cell(file, number_text(quantile_of(metric, levels[i]), digits));
    cell(file, number_text(number_of(metric, "max"), digits));
    fputs("</tr>\n", file);
}

/* "acc: seed 77 gave 0.931, 7.5 sd of the others above their mean; …" */
static void put_outliers(FILE *file, const json_t *metric)
{
    const json_t *outliers = json_object_get(metric, "outliers"), *outlier;
    char *n = words_count(number_of(metric, "n"));
    size_t i;

    json_array_foreach(outliers, i, outlier)
    {
        const json_t *seed = json_object_get(outlier, "seed");
        if (i == OUTLIERS_SHOWN)
            break;
        char *value = number_text(number_of(outlier, "value"), metric_digits(metric)),
             *chance = words_probability(number_of(outlier, "p_any")),
             *seed_text = json_is_string(seed) ? text_copy(json_string_value(seed))
                                               : text_format("%" JSON_INTEGER_FORMAT, json_integer_value(seed));
        put(file, "<li>",
            text_format("%s: seed %s gave %s, %.1f sd of the others %s their mean; chance of one so far out among %s "
                        "normal values: %s.",
                        string_of(metric, "name"), seed_text, value, number_of(outlier, "sds"),
                        json_is_true(json_object_get(outlier, "high")) ? "above" : "below", n, chance),
            "</li>\n");
        free(value);
        free(chance);
        free(seed_text);
    }
    if (json_array_size(outliers) > OUTLIERS_SHOWN)
        put(file, "<li>",
            text_format("%s: %zu more.", string_of(metric, "name"), json_array_size(outliers) - OUTLIERS_SHOWN),
            "</li>\n");
    if (json_is_string(json_object_get(metric, "outliers_note")))
        put(file, "<li>", text_format("%s: %s", string_of(metric, "name"), string_of(metric, "outliers_note")),
            "</li>\n");
    free(n);
}

static void put_metrics(FILE *file, const json_t *report)
{
    static const char *const means[] = {"metric",    "runs",      "failed",
                                        "no number", "mean ± sd", "95&nbsp;% interval of the mean"},
                             *const quantiles[] = {"metric", "least",     "5&nbsp;%",  "25&nbsp;%",
                                                   "median", "75&nbsp;%", "95&nbsp;%", "most"};
    const json_t *metrics = json_object_get(report, "metrics"), *runs = json_object_get(report, "runs"), *metric;
    const double n_failed = number_of(runs, "base_tried") - number_of(runs, "base");
    size_t i, n_outliers = 0;
    bool any_spread = false;

    if (json_array_size(metrics) == 0) {
        fputs("<p>The study has no metrics.</p>\n", file);
        return;
    }
    begin_table(file, "Means of the metrics", means, sizeof means / sizeof *means);
    json_array_foreach(metrics, i, metric)
    {
        put_means(file, metric, n_failed);
        n_outliers += json_array_size(json_object_get(metric, "outliers"));
        any_spread = any_spread || (number_of(metric, "n") >= 3 && number_of(metric, "sd") > 0);
    }
    end_table(file);
    begin_table(file, "Quantiles of the metrics", quantiles, sizeof quantiles / sizeof *quantiles);
    json_array_foreach(metrics, i, metric) put_quantiles(file, metric);
    end_table(file);
    json_array_foreach(metrics, i, metric)
    {
        char *others =
            words_not_numbers(count_of(metric, "n_nan"), count_of(metric, "n_infinite"), count_of(metric, "n_missing"));
        if (others)
            put(file, "<p>", text_format("%s, not in its numbers: %s.", string_of(metric, "name"), others), "</p>\n");
        free(others);
    }
    if (n_outliers > 0) {
        fputs("<p>Runs that the others do not explain:</p>\n<ul>\n", file);
        json_array_foreach(metrics, i, metric) put_outliers(file, metric);
        fputs("</ul>\n", file);
    } else if (any_spread) {
        fputs("<p>No run is further out than so many draws explain.</p>\n", file);
    }
}

/* ---- sources, and another study ---- */

static char *percent_text(double share, bool sure)
{
    return isfinite(share) ? text_format("%.*f %%", sure ? 1 : 0, 100 * share) : text_copy("–");
}

static void put_shares(FILE *file, const json_t *one)
{
    static const char *const head[] = {"source", "share alone", "95&nbsp;% interval", "with interactions",
                                       "95&nbsp;% interval"};
    const bool sure = !json_is_false(json_object_get(one, "sure"));
    const struct digits percents = {.decimals = 1};
    char *caption =
        text_format("Shares of the variance of %s%s", string_of(one, "metric"), sure ? "" : ", a hint only");
    const json_t *share;
    size_t i;

    begin_table(file, caption, head, sizeof head / sizeof *head);
    free(caption);
    json_array_foreach(json_object_get(one, "shares"), i, share)
    {
        begin_row(file, string_of(share, "name"));
        cell(file, percent_text(number_of(share, "first"), sure));
        cell(file, interval_text(json_object_get(share, "first_ci"), 100, percents, " %"));
        cell(file, percent_text(number_of(share, "total"), sure));
        cell(file, interval_text(json_object_get(share, "total_ci"), 100, percents, " %"));
        fputs("</tr>\n", file);
    }
    begin_row(file, "rest: interactions, all other draws, noise");
    cell(file, percent_text(number_of(one, "rest"), sure));
    cell(file, interval_text(json_object_get(one, "rest_ci"), 100, percents, " %"));
    fputs("<td></td><td></td></tr>\n", file);
    end_table(file);
}

static void put_sources(FILE *file, const json_t *sources)
{
    const json_t *one, *note;
    size_t i, k;

    json_array_foreach(sources, i, one)
    {
        put(file, "<h3>", text_format("Variance of %s by source", string_of(one, "metric")), "</h3>\n");
        if (json_array_size(json_object_get(one, "shares")) > 0)
            put_shares(file, one);
        json_array_foreach(json_object_get(one, "notes"), k, note) put_said(file, "<p>", note, "</p>\n");
    }
}

/* "A, base.db: mean 90.24 of 44 runs. B, …" */
static void put_means_of_two(FILE *file, const json_t *report, const json_t *one)
{
    const json_t *versus = json_object_get(report, "versus"), *ci = json_object_get(one, "ci");
    const double largest = fmax(fabs(number_of(one, "mean_a")), fabs(number_of(one, "mean_b")));
    const double sd_a = number_of(one, "sd_a"), sd_b = number_of(one, "sd_b");
    const struct digits digits = digits_of(fmin(sd_a > 0 ? sd_a : sd_b, sd_b > 0 ? sd_b : sd_a), largest);
    char *a = number_text(number_of(one, "mean_a"), digits), *b = number_text(number_of(one, "mean_b"), digits),
         *n_a = words_count(number_of(one, "n_a")), *n_b = words_count(number_of(one, "n_b")),
         *difference = number_text(number_of(one, "difference"), digits), *interval = interval_text(ci, 1, digits, "");

    put(file, "<p>",
        text_format("A, %s: mean %s of %s runs. B, %s: mean %s of %s runs%s. B − A = %s",
                    string_of(json_object_get(report, "study"), "name"), a, n_a, string_of(versus, "name"), b, n_b,
                    json_is_true(json_object_get(one, "paired")) ? ", in pairs of the same seed" : "", difference),
        "");
    put(file, "", json_is_object(ci) ? text_format(" (95 %% interval %s)", interval) : NULL, "");
    fputs(".</p>\n", file);
    free(a);
    free(b);
    free(n_a);
    free(n_b);
    free(difference);
    free(interval);
}

static void put_versus(FILE *file, const json_t *report)
{
    const json_t *one;
    size_t i;

    put_said(file, "<p>", json_object_get(json_object_get(report, "versus"), "reseed_note"), "</p>\n");
    json_array_foreach(json_object_get(json_object_get(report, "versus"), "metrics"), i, one)
    {
        put(file, "<h3>", text_format("A against B: %s", string_of(one, "metric")), "</h3>\n");
        put_means_of_two(file, report, one);
        put_said(file, "<p>", json_object_get(one, "verdict"), "</p>\n");
        put_said(file, "<p>", json_object_get(one, "without"), "</p>\n");
        put_said(file, "<p>", json_object_get(one, "rates"), "</p>\n");
    }
}

/* ---- the page ---- */

/* "196 runs ended well, 2 failed, …" */
static char *runs_text(const json_t *runs)
{
    static const char *const keys[] = {"base_failed", "base_timeout", "base_lost"}, *const words[] = {"failed",
                                                                                                      "ran out of time",
                                                                                                      "lost"};
    char *done = words_count(number_of(runs, "base")),
         *text = text_format("%s run%s ended well", done, number_of(runs, "base") == 1 ? "" : "s");
    bool any = false;

    free(done);
    for (size_t i = 0; i < 3; i++) {
        if (!(number_of(runs, keys[i]) > 0))
            continue;
        char *n = words_count(number_of(runs, keys[i])), *longer = text_format("%s, %s %s", text, n, words[i]);
        free(n);
        free(text);
        text = longer;
        any = true;
    }
    char *whole = text_format(
        "%s.%s", text,
        any ? " Those that did not are in none of the numbers: a mean without its failures is no mean." : "");
    free(text);
    return whole;
}

static void study_body(const json_t *report, FILE *file)
{
    const char *own_seeds = string_of(json_object_get(report, "study"), "own_seeds");
    fputs("<section id=\"summary\" aria-labelledby=\"summary-title\"><h2 id=\"summary-title\">Summary</h2>\n", file);
    put(file, "<p>", runs_text(json_object_get(report, "runs")), "</p>\n");
    if (*own_seeds)
        put(file, "<p>", text_format("%s; `scan --reseed` shifts it.", own_seeds), "</p>\n");
    put_metrics(file, report);
    put_sources(file, json_object_get(report, "sources"));
    put_versus(file, report);
    fputs("<noscript><p>The figures are drawn by a script in this file, and scripts are switched off "
          "here.</p></noscript>\n</section>\n",
          file);
}

static void check_body(const json_t *check, FILE *file)
{
    const json_t *cause;
    size_t i;

    fputs("<noscript>\n", file);
    put(file, "<p class=\"lead\">Verdict: ", text_copy(string_of(check, "verdict")), ".</p>\n");
    put_said(file, "<p>", json_object_get(check, "reason"), "</p>\n");
    fputs("<ul>\n", file);
    json_array_foreach(json_object_get(check, "causes"), i, cause)
    {
        const json_t *line = json_object_get(cause, "line");
        char *where = json_is_integer(line) ? text_format("%s:%" JSON_INTEGER_FORMAT ": ", string_of(cause, "file"),
                                                          json_integer_value(line))
                                            : text_copy("");
        put(file, "<li>", text_format("%s%s", where, string_of(cause, "message")), "");
        put_said(file, "<br>Mend it: <code>", json_object_get(cause, "fix"), "</code>");
        fputs("</li>\n", file);
        free(where);
    }
    fputs(
        "</ul>\n<p>The figure is drawn by a script in this file, and scripts are switched off here.</p>\n</noscript>\n",
        file);
}

void summary_head(const json_t *report, FILE *file)
{
    const json_t *study = json_object_get(report, "study"), *check = json_object_get(report, "check");
    char *command = report_command(json_object_get(study ? study : check, "command"));

    fprintf(file, "<p class=\"kind\">oneseed %s</p>", study ? "report" : "check");
    put(file, "<h1>", text_copy(study ? string_of(study, "name") : command), "</h1>");
    const json_t *other = json_object_get(json_object_get(report, "versus"), "command");
    char *command_b = report_command(other);
    const bool two = *command_b && strcmp(command, command_b) != 0;
    if (study)
        put(file, two ? "<p>A: <code>" : "<p><code>", text_copy(command), "</code></p>");
    if (study && two)
        put(file, "<p>B: <code>", text_copy(command_b), "</code></p>");
    free(command_b);
    free(command);
}

void summary_body(const json_t *report, FILE *file)
{
    if (json_object_get(report, "study"))
        study_body(report, file);
    else
        check_body(json_object_get(report, "check"), file);
}
