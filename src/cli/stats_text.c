/* stats_text.c - the answer of `oneseed stats` for people.
 * SPDX-License-Identifier: MIT */
#include <inttypes.h> /* PRId64 */
#include <math.h>     /* isfinite */
#include <stdio.h>    /* printf */
#include <stdlib.h>   /* free */
#include <string.h>   /* strlen */

#include "cli/stats_report.h"
#include "report/digits.h" /* digits_text */
#include "report/words.h"  /* words_count */

enum { OUTLIERS_SHOWN = 5, IQM_LEAST = 8 };
/* A run outside of all that was seen, as probable as this, is no rare one. */
static const double far_outside = 0.15;

struct style {
    struct digits digits;
    bool color;
};

/* The text in one of eight buffers in turn: several fit into one printf(). Frees it. */
static const char *in_turn(char *text)
{
    static char buffers[8][64];
    static unsigned next;
    char *buffer = buffers[next++ % 8];
    (void)snprintf(buffer, sizeof buffers[0], "%s", text);
    free(text);
    return buffer;
}

static const char *number(struct style style, double value)
{
    return in_turn(digits_text(style.digits, value));
}

static const char *runs(double n)
{
    return in_turn(words_count(n));
}

static const char *probability(double p)
{
    return in_turn(words_probability(p));
}

static void label(const char *text, bool color)
{
    printf("  %s%-10s%s ", color ? "\033[2m" : "", text, color ? "\033[0m" : "");
}

static void print_bars(const size_t *counts, size_t n_bins)
{
    static const char *const bars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    size_t most = 1;
    for (size_t k = 0; k < n_bins; k++)
        most = counts[k] > most ? counts[k] : most;
    for (size_t k = 0; k < n_bins; k++)
        fputs(bars[counts[k] == 0 ? 0 : 1 + (counts[k] * 8 - 1) / most], stdout);
}

/* ---- the study ---- */

static void print_others(const struct stats_runs *of)
{
    const size_t counts[3] = {of->n_failed, of->n_timeout, of->n_lost};
    static const char *const names[3] = {"failed", "ran out of time", "lost"};
    const size_t not_done = of->n - of->n_done;
    if (not_done == 0)
        return;
    printf("; %s not done (", runs((double)not_done));
    for (int k = 0, n = 0; k < 3; k++)
        if (counts[k] > 0)
            printf("%s%s %s", n++ ? ", " : "", runs((double)counts[k]), names[k]);
    printf(")");
}

/* "seeds 0 to 21, 30 to 31" */
static void print_seeds(const struct stats_runs *of)
{
    const bool listed = of->n_stretches <= STATS_STRETCHES;
    printf(", seed%s ", of->n == 1 ? "" : "s");
    for (size_t k = 0; listed && k < of->n_stretches; k++) {
        const struct seed_stretch *stretch = &of->stretches[k];
        printf("%s%" PRId64, k ? ", " : "", stretch->first);
        if (stretch->last > stretch->first)
            printf(" to %" PRId64, stretch->last);
    }
    if (!listed && of->planned && of->n_left == 0 && strlen(of->seeds) < 60)
        printf("%s", of->seeds);
    else if (!listed)
        printf("between %" PRId64 " and %" PRId64 ", with holes", of->first_seed, of->last_seed);
}

static void print_runs(const struct stats_runs *of, const char *prefix, const char *command, bool color)
{
    printf("%s%s%s%s: ", prefix, color ? "\033[1m" : "", of->shown, color ? "\033[0m" : "");
    if (of->planned && of->n_left > 0 && !of->until)
        printf("%s of %s runs so far", runs((double)of->n), runs((double)of->n_planned));
    else
        printf("%s run%s", runs((double)of->n), of->n == 1 ? "" : "s");
    if (of->planned && of->n_left > 0 && of->until)
        printf(" (of at most %s, until %s)", runs((double)of->n_planned), of->until);
    if (of->n > 0)
        print_seeds(of);
    print_others(of);
    if (of->n_repeats > 0)
        printf("; %s repeated", runs((double)of->n_repeats));
    if (of->n_varied > 0)
        printf("; %s with sources varied", runs((double)of->n_varied));
    printf("\n");
    if (command != NULL)
        printf("%s  %s\n", prefix, command);
    if (of->own_seeds != NULL)
        printf("%s  %s; `scan --reseed` shifts it\n", prefix, of->own_seeds);
    if (of->forced != NULL)
        printf("%s  it was gone on with (--force) although %s: its runs may not be comparable\n", prefix, of->forced);
    if (of->n > of->n_done && of->n_done > 0)
        printf("%s  what is said below is of the %s that ended well: a mean without its failures is no mean\n", prefix,
               runs((double)of->n_done));
}

/* ---- one metric ---- */

static const char *better(enum words_better direction, bool high, const char *good, const char *bad,
                          const char *neutral)
{
    return direction == WORDS_NEUTRAL ? neutral : (direction == WORDS_HIGHER) == high ? good : bad;
}

static void print_head(const struct metric_report *metric, struct style style)
{
    const struct stats_summary *summary = &metric->summary;
    printf("\n%s%s%s  ", style.color ? "\033[1m" : "", metric->name, style.color ? "\033[0m" : "");
    const char *on = style.color ? "\033[1;36m" : "", *off = style.color ? "\033[0m" : "";
    char *others = words_not_numbers(summary->n_nan, summary->n_infinite, summary->n_missing);
    if (summary->n > 1 && !summary->spread && summary->sd > 0)
        printf("%s%s%s  (of %s runs: equal but for rounding", on, number(style, summary->mean), off,
               runs((double)summary->n));
    else if (summary->n > 1)
        printf("%s%s ± %s%s  (mean ± sd of %s runs", on, number(style, summary->mean), number(style, summary->sd), off,
               runs((double)summary->n));
    else if (summary->n == 1)
        printf("%s%s%s  (of one run", on, number(style, summary->mean), off);
    else
        printf("(no number");
    printf("%s%s)\n", others ? "; not in it: " : "", others ? others : "");
    free(others);
}

/* An interval is narrower than the spread. */
static void print_interval(const char *name, double value, struct stats_interval interval, struct style style)
{
    if (interval.method == STATS_NONE)
        return;
    const double half = (interval.high - interval.low) / 2, largest = fmax(fabs(interval.low), fabs(interval.high));
    style.digits = digits_widened(digits_of(half, largest), interval.low, interval.high, NAN);
    printf("%s %s  [%s, %s]", name, number(style, value), number(style, interval.low), number(style, interval.high));
}

static const char *percent(double level)
{
    static char text[32];
    (void)snprintf(text, sizeof text, "%.4g %%", 100 * level);
    return text;
}

static void print_intervals(const struct metric_report *metric, double level, struct style style)
{
    const struct stats_summary *summary = &metric->summary;
    if (summary->mean_ci.method == STATS_NONE)
        return;
    label(percent(level), style.color);
    print_interval("mean", summary->mean, summary->mean_ci, style);
    if (summary->n >= IQM_LEAST) /* the inner half of fewer is two or three values: its interval says nothing */
        print_interval("   IQM", summary->iqm, summary->iqm_ci, style);
    printf("   (%s)\n", stats_method_name(summary->mean_ci.method));
}

static void print_shape(const struct stats_summary *summary, bool color)
{
    if (summary->normality.method == STATS_NONE)
        return;
    label("shape", color);
    printf("%s (%s p = %.2g), skewness %.2f, excess kurtosis %.2f\n",
           summary->normality.p < 0.05 ? "not normal" : "no sign against normal",
           summary->normality.method == STATS_SHAPIRO ? "Shapiro-Wilk" : "D'Agostino-Pearson", summary->normality.p,
           summary->skewness, summary->kurtosis);
}

static void print_best_of_line(const char *name, const struct metric_report *metric, const double *values,
                               struct style style)
{
    label(name, style.color);
    size_t n = 0, length = 0;
    for (size_t k = 0; k < metric->n_points; k++) { /* of many points, whole decades */
        const char digit = *runs((double)metric->points[k]);
        const bool last = k + 1 == metric->n_points;
        if (metric->n_points > 9 && k > 2 && digit != '1' && !last)
            continue;
        const char *text = number(style, values[k]), *of = runs((double)metric->points[k]);
        if (length + strlen(text) + strlen(of) > 100 && !last)
            continue;
        printf("%s%s: %s", n++ ? "   " : "", of, text);
        length += strlen(of) + strlen(text) + 5;
    }
    printf("\n");
}

static void print_best_of(const struct metric_report *metric, struct style style)
{
    if (metric->summary.n < 2)
        return;
    if (metric->direction != WORDS_LOWER)
        print_best_of_line(metric->direction == WORDS_HIGHER ? "best of k" : "highest of", metric, metric->highest_of,
                           style);
    if (metric->direction != WORDS_HIGHER)
        print_best_of_line(metric->direction == WORDS_LOWER ? "best of k" : "lowest of", metric, metric->lowest_of,
                           style);
}

/* A sentence under what it is about; NULL: none. */
static void print_note(char *text)
{
    if (text) {
        label("", false);
        printf("%s\n", text);
    }
    free(text);
}

static void print_outliers(const struct metric_report *metric, struct style style)
{
    const struct stats_summary *summary = &metric->summary;
    if (summary->n < 3 || !summary->spread)
        return;
    label("outliers", style.color);
    if (summary->n_outliers == 0) {
        printf("none: the extremes are what %s draws give\n", runs((double)summary->n));
        return;
    }
    for (size_t k = 0; k < summary->n_outliers && k < OUTLIERS_SHOWN; k++) {
        const struct stats_outlier *outlier = &summary->outliers[k];
        if (k > 0)
            label("", false);
        printf("%s: seed %" PRId64 " gave %s",
               better(metric->direction, outlier->high, "lucky", "unlucky", outlier->high ? "high" : "low"),
               metric->outlier_seeds[k], number(style, outlier->value));
        if (isfinite(outlier->sds))
            printf(", %.1f sd of the others %s their mean; chance of one so far out among %s: %s\n", outlier->sds,
                   outlier->high ? "above" : "below", runs((double)summary->n), probability(outlier->p_any));
        else
            printf("; those that are no outliers are all equal\n");
    }
    if (summary->n_outliers > OUTLIERS_SHOWN) {
        label("", false);
        printf("and %zu more%s; --json has them\n", summary->n_outliers - OUTLIERS_SHOWN,
               summary->more_outliers ? " at least" : "");
    }
    print_note(words_outliers(summary));
}

static void print_needed(const struct metric_report *metric, const struct stats_report *report, struct style style)
{
    const struct stats_summary *summary = &metric->summary;
    if (!summary->spread)
        return;
    /* Many runs find what is far below the spread. */
    const struct style found = {digits_of(metric->found_difference, metric->found_difference), style.color};
    label("runs", style.color);
    if (metric->n_for_half > (double)summary->n)
        printf("%s more halve the interval; ", runs(metric->n_for_half - (double)summary->n));
    printf("%s of each of two variants find a difference of %s (80 %% power)\n", runs((double)summary->n),
           number(found, metric->found_difference));
    if (report->half_width > 0) {
        label("", false);
        printf("%s give a mean ± %.6g\n", runs(metric->n_for_width), report->half_width);
    }
    if (report->difference > 0) {
        label("", false);
        printf("%s of each of two variants find a difference of %.6g (80 %% power, 5 %% level)\n",
               runs(metric->n_for_difference), report->difference);
    }
}

static void print_extreme(const struct metric_report *metric, bool high, const char *name, struct style style)
{
    const struct stats_summary *summary = &metric->summary;
    const struct stats_outlier *extreme = high ? &summary->highest : &summary->lowest;
    label(name, style.color);
    printf("seed %" PRId64 " gave %s; %s draws of a normal distribution are expected to give %s at their %s",
           high ? metric->max_seed : metric->min_seed, number(style, extreme->value), runs((double)summary->n),
           number(style, high ? summary->expected_highest : summary->expected_lowest), high ? "highest" : "lowest");
    printf(" (one so far out: %s)\n", probability(extreme->p_any));
}

static void print_best(const struct metric_report *metric, struct style style)
{
    if (!metric->summary.spread)
        return;
    if (metric->direction != WORDS_LOWER)
        print_extreme(metric, true, metric->direction == WORDS_HIGHER ? "best" : "highest", style);
    if (metric->direction != WORDS_HIGHER)
        print_extreme(metric, false, metric->direction == WORDS_LOWER ? "best" : "lowest", style);
    label("", false);
    printf("another seed of the same program is expected at %s, not there\n", number(style, metric->summary.mean));
}

static void print_shares(const struct metric_report *metric, const struct stats_report *report, bool color)
{
    if (metric->n_sources == 0)
        return;
    label("variance", color);
    if (!metric->has_shares) {
        char *why = words_no_shares(&metric->all_shares);
        printf("%s\n", why);
        free(why);
        return;
    }
    const bool sure = stats_shares_sure(metric->shares, metric->n_sources, &metric->all_shares);
    const int decimals = sure ? 1 : 0;
    if (sure)
        printf("by source, alone and with its interactions (%s intervals, %s replications)\n", percent(report->level),
               runs((double)metric->all_shares.n));
    else
        printf("by source, alone and with its interactions (a hint only, of %s replications)\n",
               runs((double)metric->all_shares.n));
    for (size_t k = 0; k < metric->n_sources; k++) {
        const struct stats_share *share = &metric->shares[k];
        label("", false);
        if (!(share->total > 0) && !(share->total < 0)) {
            printf("%-10s no run differs: nothing was drawn under this name, or it changes nothing\n",
                   metric->sources[k]);
            continue;
        }
        printf("%-10s %5.*f %%", metric->sources[k], decimals, 100 * share->first);
        if (share->first_ci.method != STATS_NONE)
            printf("  [%5.1f, %5.1f]", 100 * share->first_ci.low, 100 * share->first_ci.high);
        printf("   total %5.*f %%", decimals, 100 * share->total);
        if (share->total_ci.method != STATS_NONE)
            printf("  [%5.1f, %5.1f]", 100 * share->total_ci.low, 100 * share->total_ci.high);
        printf("\n");
    }
    label("", false);
    printf("%-10s %5.*f %%", "rest", decimals, 100 * metric->all_shares.rest);
    if (metric->all_shares.rest_ci.method != STATS_NONE)
        printf("  [%5.1f, %5.1f]", 100 * metric->all_shares.rest_ci.low, 100 * metric->all_shares.rest_ci.high);
    printf("   interactions, all other draws, and what no seed decides\n");
    print_note(words_beyond(metric->shares, metric->n_sources, &metric->all_shares));
    print_note(words_replications(metric->shares, metric->n_sources, &metric->all_shares));
    if (report->n_varied_left_out > 0) {
        label("", false);
        printf("%s varied runs are left out: their base runs are not there\n", runs((double)report->n_varied_left_out));
    }
}

static void print_noise(const struct metric_report *metric, bool color)
{
    if (isnan(metric->noise))
        return;
    label("repeats", color);
    if (metric->noise == 0)
        printf("the same seed gave the same value, %s of %s times\n", runs((double)metric->n_pairs_repeated),
               runs((double)metric->n_pairs_repeated));
    else
        printf("the same seed gives other values: %.1f %% of the variance is not the seed's (%s repeated)\n",
               metric->noise < 1 ? 100 * metric->noise : 100, runs((double)metric->n_pairs_repeated));
}

static void print_sentence(const struct metric_report *metric, struct style style)
{
    const struct stats_summary *s = &metric->summary;
    if (s->n < 2)
        return;
    if (!s->spread) {
        const char *rounding = s->sd > 0 ? ", but for rounding" : "";
        if (s->n <= WORDS_FEW_EQUAL)
            printf("  All %s values are %s%s: too few to tell whether the seed matters for it.\n", runs((double)s->n),
                   number(style, s->mean), rounding);
        else
            printf("  All %s values are %s%s: the seed does not matter for it, or the program seeds itself (then "
                   "`scan --reseed` shifts its seeds).\n",
                   runs((double)s->n), number(style, s->mean), rounding);
        return;
    }
    if (metric->n_values <= STATS_VALUES && 2 * metric->n_values <= s->n) {
        printf("  It took %zu values: ", metric->n_values);
        for (size_t k = 0; k < metric->n_values; k++)
            printf("%s%.9g in %s%s", k ? ", " : "", metric->values[k].value, runs((double)metric->values[k].n),
                   k                          ? ""
                   : metric->values[k].n == 1 ? " run"
                                              : " runs");
        printf(".\n");
        return;
    }
    const struct stats_prediction *p = &metric->prediction;
    char *outside = words_percent(p->outside);
    const char *most = p->at_most ? "at most " : "";
    if (p->outside < far_outside)
        printf("  A new run with another seed lies below %s or above %s with a probability of %s%s.\n",
               number(style, p->low), number(style, p->high), most, outside);
    else
        printf("  %s runs went from %s to %s; one with another seed lies outside of that with a probability of %s%s.\n",
               runs((double)s->n), number(style, s->min), number(style, s->max), most, outside);
    free(outside);
}

static void print_metric(const struct metric_report *metric, const struct stats_report *report, bool color)
{
    const struct stats_summary *summary = &metric->summary;
    const double largest = fmax(fabs(summary->min), fabs(summary->max));
    const double middle = summary->quantiles[5] - summary->quantiles[3];
    const struct digits digits = digits_of(summary->spread ? summary->sd : NAN, largest);
    const struct style style = {digits_widened(digits, summary->min, summary->max, middle), color};
    print_head(metric, style);
    if (summary->n == 0)
        return;
    if (summary->spread) {
        printf("  %s  %s", number(style, summary->min), color ? "\033[36m" : "");
        print_bars(metric->line.counts, metric->line.n_bins);
        printf("%s  %s\n", color ? "\033[0m" : "", number(style, summary->max));
        print_intervals(metric, report->level, style);
        label("quantiles", color);
        static const int shown[] = {0, 1, 3, 4, 5, 7, 8}; /* few values have no far quantiles */
        const size_t cut = summary->n >= 100 ? 0 : summary->n >= 20 ? 1 : 2;
        for (size_t k = cut; k < sizeof shown / sizeof *shown - cut; k++)
            printf("%s%g %%: %s", k > cut ? "   " : "", 100 * stats_quantile_levels[shown[k]],
                   number(style, summary->quantiles[shown[k]]));
        printf("\n");
        print_shape(summary, color);
        print_best_of(metric, style);
        print_outliers(metric, style);
        print_needed(metric, report, style);
    }
    print_shares(metric, report, color);
    print_noise(metric, color);
    if (report->best)
        print_best(metric, style);
    print_sentence(metric, style);
}

/* ---- A against B ---- */

static void print_sentence_of(char *text)
{
    if (text)
        printf("  %s\n", text);
    free(text);
}

static void print_comparison(const struct comparison_report *report, double level, bool color)
{
    const struct stats_comparison *c = &report->comparison;
    const double spread = fmin(c->sd_a > 0 ? c->sd_a : c->sd_b, c->sd_b > 0 ? c->sd_b : c->sd_a);
    const double largest = fmax(fabs(c->mean_a), fabs(c->mean_b));
    const double half = (c->ci.high - c->ci.low) / 2;
    const double farthest = fmax(fabs(report->low), fabs(report->high)), ends = fmax(fabs(c->ci.low), fabs(c->ci.high));
    const struct digits wide = digits_of(spread, farthest), narrow = digits_of(half, fmax(ends, largest));
    const struct style style = {digits_widened(wide, report->low, report->high, NAN), color};
    const struct style finer = {half > 0 ? digits_widened(narrow, c->ci.low, c->ci.high, NAN) : style.digits, color};
    printf("\n%s%s%s  ", color ? "\033[1m" : "", report->name, color ? "\033[0m" : "");
    if (c->n_a == 0 || c->n_b == 0) {
        printf("nothing to compare: %s values of A and %s of B\n", runs((double)c->n_a), runs((double)c->n_b));
        return;
    }
    printf("B - A = %s%s%s", color ? "\033[1;36m" : "", number(finer, c->difference), color ? "\033[0m" : "");
    if (c->ci.method != STATS_NONE)
        printf("  [%s, %s]  (%s, %s)", number(finer, c->ci.low), number(finer, c->ci.high), percent(level),
               stats_method_name(c->ci.method));
    printf("\n");
    for (int k = 0; k < 2; k++) {
        printf("  %c  %s  %s", k ? 'B' : 'A', number(style, report->low), color ? "\033[36m" : "");
        print_bars(k ? report->line_b : report->line_a, STATS_LINE_BINS);
        printf("%s  %s   %s", color ? "\033[0m" : "", number(style, report->high),
               number(style, k ? c->mean_b : c->mean_a));
        if (k ? c->one_value_b : c->one_value_a)
            printf(" in all of %s\n", runs((double)(k ? c->n_b : c->n_a)));
        else if ((k ? c->n_b : c->n_a) > 1)
            printf(" ± %s of %s\n", number(style, k ? c->sd_b : c->sd_a), runs((double)(k ? c->n_b : c->n_a)));
        else
            printf(" of one run\n");
    }
    const bool lower = report->direction == WORDS_LOWER;
    label("seeds", color);
    if (c->paired)
        printf("%s pairs of the same seed; B %s in %s, equal in %s\n", runs((double)c->n_a),
               report->direction == WORDS_NEUTRAL ? "higher" : "better",
               runs((double)(lower ? c->n_a - c->n_b_above - c->n_equal : c->n_b_above)), runs((double)c->n_equal));
    else
        printf("not paired (%s seed%s done in both)\n", runs((double)report->n_common),
               report->n_common == 1 ? "" : "s");
    print_note(words_partners(&report->side_a, &report->side_b));
    if (c->p_b_above_ci.method != STATS_NONE) {
        char *share = words_percent(lower ? 1 - c->p_b_above : c->p_b_above);
        label("one run", color);
        printf("of B is %s than one of A in %s  [%.1f, %.1f]\n",
               report->direction == WORDS_NEUTRAL ? "higher" : "better", share,
               100 * (lower ? 1 - c->p_b_above_ci.high : c->p_b_above_ci.low),
               100 * (lower ? 1 - c->p_b_above_ci.low : c->p_b_above_ci.high));
        free(share);
    }
    if (isfinite(c->cohen_d)) {
        label("effect", color);
        printf("Cohen's d %.2f, Hedges' g %.2f", c->cohen_d, c->hedges_g);
        if (isfinite(c->cohen_dz))
            printf(fabs(c->cohen_dz) < 1000 ? ", of the pairs %.2f" : ", of the pairs %.2g", c->cohen_dz);
        printf("\n");
    }
    if (c->permutation.method != STATS_NONE) {
        const double least = stats_permutation_least(c->n_a, c->n_b, c->paired);
        label("tests", color);
        printf("permutation p = %.3g (%s", c->permutation.p, stats_method_name(c->permutation.method));
        if (least > 0.05)
            printf("; so few runs cannot give less than %.2g", least);
        printf(")\n");
    }
    char *order = words_order(c, report->direction);
    if (order) {
        label("order", color);
        printf("%s\n", order);
    }
    free(order);
    print_sentence_of(
        words_verdict(c, report->direction, number(finer, c->difference), &report->side_a, &report->side_b));
    print_sentence_of(words_without(&report->side_a, &report->side_b));
    print_sentence_of(words_rates(&report->side_a, &report->side_b));
}

void stats_print_text(const struct stats_report *report, bool color)
{
    const bool other = report->vs && strcmp(report->a.command, report->b.command) != 0;
    print_runs(&report->a, report->vs ? "A  " : "", other ? report->a.command : NULL, color);
    if (report->vs) {
        print_runs(&report->b, "B  ", other ? report->b.command : NULL, color);
        print_sentence_of(words_reseed(report->a.reseeds, report->b.reseeds));
    }
    for (size_t k = 0; k < report->n_metrics && !report->vs; k++)
        print_metric(&report->metrics[k], report, color);
    for (size_t k = 0; k < report->n_comparisons; k++)
        print_comparison(&report->comparisons[k], report->level, color);
}
