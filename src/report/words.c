/* words.c - sentences that `oneseed stats` and the page say alike.
 * SPDX-License-Identifier: MIT */
#include "report/words.h"

#include <math.h>   /* isfinite */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* free */

#include "common/array.h" /* text_format */
#include "study/study.h"  /* study_is_missing */

char *words_count(double n)
{
    char digits[32], text[48], *to = text;
    if (!isfinite(n) || n > 1e15)
        return text_copy("more than 10^15");
    const int length = snprintf(digits, sizeof digits, "%.0f", fmax(0, ceil(n - 1e-9)));
    for (int k = 0; k < length; k++) {
        if (k > 0 && (length - k) % 3 == 0)
            *to++ = ',';
        *to++ = digits[k];
    }
    *to = '\0';
    return text_copy(text);
}

/* In thousandths, halves up: as the page does. */
static double thousandths(double share)
{
    return floor(1000 * share + 0.5);
}

char *words_percent(double share)
{
    return text_format("%.1f %%", thousandths(share) / 10);
}

char *words_percent_left(double share)
{
    const double left = 1000 - thousandths(share);
    return left > 0 || share == 1 ? text_format("%.1f %%", left / 10) : text_copy("less than 0.1 %");
}

char *words_probability(double p)
{
    if (p > 0.0995)
        return text_format("%.0f %%", 100 * p);
    if (p >= 0.001)
        return text_format("%.1f %%", 100 * p);
    if (!(p > 1e-6))
        return text_copy("less than 1 in a million");
    char *n = words_count(1 / p), *text = text_format("1 in %s", n);
    free(n);
    return text;
}

/* ---- shares of the variance ---- */

char *words_no_shares(const struct stats_shares *all)
{
    if (all->variance != 0)
        return text_copy("Too few runs with sources varied to say where it comes from.");
    char *n = words_count((double)all->n);
    char *text = text_format("It is 0: all %s replications gave the same value, so no source can have a share.", n);
    free(n);
    return text;
}

char *words_beyond(const struct stats_share *shares, size_t n_sources, const struct stats_shares *all)
{
    if (!stats_shares_beyond(shares, n_sources, all))
        return NULL;
    return text_copy(
        "A share below 0 % or above 100 % is chance: an unbiased estimate also falls beyond what a share can be.");
}

char *words_replications(const struct stats_share *shares, size_t n_sources, const struct stats_shares *all)
{
    const struct stats_more_replications more = stats_more_replications(shares, n_sources, all);
    if (more.for_points == 0)
        return NULL;
    char *n = words_count((double)all->n), *intervals = words_count((double)more.for_intervals),
         *start = words_count((double)more.for_start), *points = words_count((double)more.for_points), *text;
    if (more.for_intervals > 0)
        text = text_format(
            "%s replications are too few for intervals: %s more give them, %s more are a good start (%zu runs each).",
            n, intervals, start, n_sources + 1);
    else if (more.for_start > 0)
        text = text_format("%s replications are few: %s more are a good start, %s more tell large shares to ± 5 points "
                           "(%zu runs each).",
                           n, start, points, n_sources + 1);
    else
        text =
            text_format("%s more replications tell large shares to ± 5 points (%zu runs each).", points, n_sources + 1);
    free(n);
    free(intervals);
    free(start);
    free(points);
    return text;
}

/* ---- outliers ---- */

char *words_outliers(const struct stats_summary *summary)
{
    if (summary->n_outliers == 0 || !(summary->others_normality.p < 0.05))
        return NULL;
    return text_copy(
        "These chances are those of normal values, and the others are not normal either: in a long tail such "
        "runs are no surprise.");
}

/* ---- values that are no numbers, runs that failed ---- */

/* Takes `list`, which may be NULL; gives it with one more. */
static char *join(char *list, const char *between, char *one)
{
    if (!list)
        return one;
    char *both = text_format("%s%s%s", list, between, one);
    free(list);
    free(one);
    return both;
}

/* "3 that failed" to the list, when there are any. */
static char *join_count(char *list, size_t n, const char *one_word, const char *many_words)
{
    if (n == 0)
        return list;
    char *count = words_count((double)n), *one = text_format("%s %s", count, n == 1 ? one_word : many_words);
    free(count);
    return join(list, ", ", one);
}

char *words_not_numbers(size_t n_nan, size_t n_infinite, size_t n_missing)
{
    char *list = join_count(NULL, n_nan, "run gave nan", "runs gave nan");
    list = join_count(list, n_infinite, list ? "gave an infinity" : "run gave an infinity",
                      list ? "gave an infinity" : "runs gave an infinity");
    return join_count(list, n_missing, list ? "ended well without it" : "run ended well without it",
                      list ? "ended well without it" : "runs ended well without it");
}

void words_count_values(struct words_side *side, const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        side->n_missing += study_is_missing(values[i]);
        side->n_nan += isnan(values[i]) && !study_is_missing(values[i]);
        side->n_infinite += isinf(values[i]) != 0;
    }
}

size_t words_left_out(const struct words_side *side)
{
    return side->n_failed + side->n_timeout + side->n_lost + side->n_nan + side->n_infinite + side->n_missing;
}

static char *without_of(const struct words_side *side, const char *name)
{
    if (words_left_out(side) == 0)
        return NULL;
    char *list = join_count(NULL, side->n_failed, "failed", "failed");
    list = join_count(list, side->n_timeout, "ran out of time", "ran out of time");
    list = join_count(list, side->n_lost, "was lost", "were lost");
    list = join_count(list, side->n_nan, "gave nan", "gave nan");
    list = join_count(list, side->n_infinite, "gave an infinity", "gave an infinity");
    list = join_count(list, side->n_missing, "ended well without it", "ended well without it");
    char *n = words_count((double)words_left_out(side)), *runs = words_count((double)side->n_runs);
    char *text = text_format("%s of %s's %s runs (%s)", n, name, runs, list);
    free(n);
    free(runs);
    free(list);
    return text;
}

char *words_without(const struct words_side *a, const struct words_side *b)
{
    char *list = without_of(a, "A"), *of_b = without_of(b, "B");
    if (of_b)
        list = join(list, "; ", of_b);
    if (!list)
        return NULL;
    char *text = text_format("Not in this: %s.", list);
    free(list);
    return text;
}

static char *alone_of(const struct words_alone *alone, const char *name, const char *other)
{
    const size_t n = alone->n_not_run + alone->n_failed + alone->n_nan + alone->n_infinite + alone->n_missing;
    if (n == 0)
        return NULL;
    char *list = join_count(NULL, alone->n_not_run, "not run", "not run");
    list = join_count(list, alone->n_failed, "failed", "failed");
    list = join_count(list, alone->n_nan, "gave nan", "gave nan");
    list = join_count(list, alone->n_infinite, "gave an infinity", "gave an infinity");
    list = join_count(list, alone->n_missing, "ended well without it", "ended well without it");
    char *count = words_count((double)n), *text = text_format("%s of %s's (in %s: %s)", count, name, other, list);
    free(count);
    free(list);
    return text;
}

char *words_partners(const struct words_side *a, const struct words_side *b)
{
    char *list = alone_of(&a->alone, "A", "B"), *of_b = alone_of(&b->alone, "B", "A");
    if (of_b)
        list = join(list, "; ", of_b);
    char *text = list ? text_format("without a partner: %s", list) : NULL;
    free(list);
    return text;
}

char *words_rates(const struct words_side *a, const struct words_side *b)
{
    const size_t out_a = words_left_out(a), out_b = words_left_out(b);
    const double p = stats_fisher(out_a, a->n_runs, out_b, b->n_runs);
    if (!(p < 0.05))
        return NULL;
    const double rate_a = (double)out_a / (double)a->n_runs, rate_b = (double)out_b / (double)b->n_runs;
    return text_format(
        "%s gives no number more often (%.3g %% of its runs, %.3g %% of %s's; Fisher's exact p = %.2g): that is a "
        "difference, too, and the runs that are left may be its luckier ones.",
        rate_b > rate_a ? "B" : "A", 100 * fmax(rate_a, rate_b), 100 * fmin(rate_a, rate_b),
        rate_b > rate_a ? "A" : "B", p);
}

/* ---- A against B ---- */

const double words_order_below = 0.2;

static const char *comparative(enum words_better better, bool up)
{
    return better == WORDS_NEUTRAL ? (up ? "higher" : "lower") : (better == WORDS_HIGHER) == up ? "better" : "worse";
}

bool words_too_few(const struct stats_comparison *c)
{
    return c->n_a < 2 || c->n_b < 2 || stats_permutation_least(c->n_a, c->n_b, c->paired) > 0.05;
}

int words_shown(const struct stats_comparison *c)
{
    if (words_too_few(c))
        return 0;
    if (c->ci.method != STATS_NONE)
        return c->ci.low > 0 ? 1 : c->ci.high < 0 ? -1 : 0;
    return c->permutation.p < 0.05 ? (c->difference > 0) - (c->difference < 0) : 0;
}

int words_order_shown(const struct stats_comparison *c)
{
    const int shown = words_shown(c);
    return (shown > 0 && c->aso_b_above < words_order_below) || (shown < 0 && c->aso_a_above < words_order_below)
               ? shown
               : 0;
}

char *words_order(const struct stats_comparison *c, enum words_better better)
{
    if (c->one_value_a || c->one_value_b || words_too_few(c))
        return NULL;
    if (isnan(c->violation_b_above))
        return text_copy("the two distributions are equal");
    const bool lower = better == WORDS_LOWER;
    const int shown = words_order_shown(c);
    const double of_b = lower ? c->aso_a_above : c->aso_b_above, of_a = lower ? c->aso_b_above : c->aso_a_above;
    const char *word = better == WORDS_NEUTRAL ? "higher" : "better", *rule = "almost stochastic order";
    if (shown)
        return text_format("%s's values are %s across nearly the whole distribution (%s: violated to at most %.2f, "
                           "which is below %g)",
                           (shown > 0) != lower ? "B" : "A", word, rule, shown > 0 ? c->aso_b_above : c->aso_a_above,
                           words_order_below);
    if (fmin(of_a, of_b) < words_order_below)
        return text_format("not shown: %s's values lean to the %s side, but their means show no difference (%s: "
                           "violated to at most %.2f)",
                           of_b < of_a ? "B" : "A", word, rule, fmin(of_a, of_b));
    return text_format("not shown: neither's values are %s across nearly the whole distribution (%s: violated to "
                       "at most %.2f for B's, %.2f for A's; below %g it is shown)",
                       word, rule, of_b, of_a, words_order_below);
}

static char *verdict_of_one_run(const struct stats_comparison *c, enum words_better better)
{
    if (c->paired)
        return text_copy("One pair of runs cannot tell.");
    if (c->n_a < 2 && c->n_b < 2)
        return text_copy("One run of each cannot tell: other seeds give other values.");
    const bool lone_b = c->n_b < 2, higher = better != WORDS_LOWER;
    const double above = lone_b ? c->p_b_above : 1 - c->p_b_above;
    char *share = words_percent(higher ? above : 1 - above);
    char *text = text_format("One run of %s cannot tell: it is %s than %s of %s's, and the next one may not be.",
                             lone_b ? "B" : "A", comparative(better, higher), share, lone_b ? "A" : "B");
    free(share);
    return text;
}

/* Why all runs of a study gave the same. */
static char *why_one_value(const struct words_side *side, size_t n)
{
    if (side->own_seeds)
        return text_format("%s (`scan --reseed` shifts it)", side->own_seeds);
    if (n <= WORDS_FEW_EQUAL)
        return text_copy("So few cannot tell whether the seed matters for it");
    return text_copy(side->reseeds ? "The seed does not matter for it"
                                   : "The seed does not matter for it, or the program seeds itself (then `scan "
                                     "--reseed` shifts its seeds)");
}

/* All runs of A, of B, or of both gave one value: there is one run to be compared, shown many times. */
static char *verdict_of_one_value(const struct stats_comparison *c, enum words_better better,
                                  const struct words_side *a, const struct words_side *b)
{
    const bool of_a = c->one_value_a, both = c->one_value_a && c->one_value_b, higher = better != WORDS_LOWER;
    const size_t n = both && c->n_b > c->n_a ? c->n_b : of_a ? c->n_a : c->n_b;
    char *why = why_one_value(both && !a->own_seeds ? b : of_a ? a : b, n);
    char *n_a = words_count((double)c->n_a), *n_b = words_count((double)c->n_b), *text;
    if (both && c->difference == 0) {
        text = text_format("No difference: all %s runs of A and all %s of B gave %.9g. %s.", n_a, n_b, c->mean_a, why);
    } else if (both) {
        text = text_format("All %s runs of A gave %.9g, and all %s of B gave %.9g: one value of each, however often it "
                           "is run. %s. So that is the difference of two runs, and no test can tell what it is worth.",
                           n_a, c->mean_a, n_b, c->mean_b, why);
    } else {
        const double above = of_a ? 1 - c->p_b_above : c->p_b_above;
        char *share = words_percent(higher ? above : 1 - above);
        text = text_format(
            "All %s runs of %s gave %.9g: one value, however often it is run. %s. That value is %s than %s of "
            "%s's; there is no test, as one value says nothing of %s's luck.",
            of_a ? n_a : n_b, of_a ? "A" : "B", of_a ? c->mean_a : c->mean_b, why, comparative(better, higher), share,
            of_a ? "B" : "A", of_a ? "A" : "B");
        free(share);
    }
    free(why);
    free(n_a);
    free(n_b);
    return text;
}

static char *verdict_of_few(const struct stats_comparison *c)
{
    const double least = stats_permutation_least(c->n_a, c->n_b, c->paired);
    if (c->paired)
        return text_format(
            "Too few runs to show a difference: with %zu pairs the permutation test cannot give less than %.2g.",
            c->n_a, least);
    return text_format(
        "Too few runs to show a difference: with %zu and %zu the permutation test cannot give less than %.2g.", c->n_a,
        c->n_b, least);
}

char *words_verdict(const struct stats_comparison *c, enum words_better better, const char *difference,
                    const struct words_side *a, const struct words_side *b)
{
    const bool up = c->difference > 0;
    if (c->n_a < 2 || c->n_b < 2)
        return verdict_of_one_run(c, better);
    if (c->one_value_a || c->one_value_b)
        return verdict_of_one_value(c, better, a, b);
    if (c->ci.method == STATS_NONE && c->difference == 0)
        return text_copy("No difference: both runs of every pair gave the same value.");
    if (words_too_few(c))
        return verdict_of_few(c);
    if (c->ci.method == STATS_NONE)
        return text_format("B is %s: the difference is the same in every pair, so there is no interval.",
                           comparative(better, up));
    if (words_shown(c) == 0) {
        if (!isfinite(c->n_for_this) || !(c->n_for_this > (double)c->n_a))
            return text_copy("No difference is shown.");
        char *n = words_count(c->n_for_this);
        char *text = text_format(
            "No difference is shown: if it is %s, about %s runs of each would find it (80 %% power).", difference, n);
        free(n);
        return text;
    }
    const char *how = words_order_shown(c) ? "and across nearly the whole distribution"
                                           : "but that is not shown of the whole distribution";
    if ((up ? 1 - c->p_b_above : c->p_b_above) <= 0)
        return text_format("B is %s on average: each of its runs is %s than every one of A.", comparative(better, up),
                           comparative(better, up));
    char *against = words_percent_left(up ? c->p_b_above : 1 - c->p_b_above);
    char *text = text_format("B is %s on average, %s; a single run of B is %s than one of A in %s.",
                             comparative(better, up), how, comparative(better, !up), against);
    free(against);
    return text;
}

char *words_reseed(bool reseeds_a, bool reseeds_b)
{
    if (reseeds_a == reseeds_b)
        return NULL;
    const char *with = reseeds_b ? "B" : "A", *without = reseeds_b ? "A" : "B";
    return text_format(
        "%s was scanned with --reseed, %s without: where the program seeds itself, every run of %s has that "
        "seed, and each of %s its own.",
        with, without, without, with);
}
