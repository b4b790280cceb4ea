/* metric_regex.c - metrics in lines of text: behind a label, or where a regular expression says.
 * SPDX-License-Identifier: MIT */
#include "scan/metric_inside.h"

#include <ctype.h>   /* tolower */
#include <stdio.h>   /* snprintf */
#include <stdlib.h>  /* free */
#include <string.h>  /* strstr */
#include <strings.h> /* strncasecmp */

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h> /* pcre2_match */

#include "common/array.h" /* text_format */

#define NUMBER    "{number}"
#define NO_NUMBER "(?i:nan|[-+]?inf(?:inity)?)\\b"
/* 1,234.5 and 9876/10000 are numbers; of 71,5 it is not known what it means. */
#define ANY_NUMBER                                                                                                     \
    "(?>[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\\.[0-9]*)?|[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?(?:/"            \
    "[0-9]+(?![0-9./]))?)(?![,/][0-9])|" NO_NUMBER

/* ---- patterns ---- */

static pcre2_code *compile(const char *pattern, int *number, PCRE2_SIZE *at)
{
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_UTF | PCRE2_MATCH_INVALID_UTF,
                                     number, at, NULL);
    if (code)
        (void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* only quicker */
    return code;
}

/* The group that captures behind `n_skipped` others, from its parenthesis to the one that closes it; false: there is none. */
static bool find_group(const char *pattern, unsigned n_skipped, size_t *open_out, size_t *close_out)
{
    size_t depth = 0, open = 0;
    bool is_open = false, in_class = false;
    for (size_t k = 0; pattern[k]; k++) {
        if (pattern[k] == '\\') {
            if (!pattern[++k])
                return false;
        } else if (in_class) {
            in_class = pattern[k] != ']';
        } else if (pattern[k] == '[') {
            in_class = true;
            if (pattern[k + 1] == '^')
                k++;
            if (pattern[k + 1] == ']')
                k++;
        } else if (pattern[k] == '(') {
            if (!is_open && pattern[k + 1] != '?' && pattern[k + 1] != '*' && n_skipped-- == 0) {
                is_open = true;
                open = k;
                depth = 0;
            }
            depth += is_open;
        } else if (pattern[k] == ')' && is_open && --depth == 0) {
            *open_out = open;
            *close_out = k;
            return true;
        }
    }
    return false;
}

/* A group of digits says nothing of a loss that has become nan: the same pattern with that in its place, or NULL. */
static void *compile_without_number(const char *pattern)
{
    size_t open, close;
    int number;
    PCRE2_SIZE at;
    bool digits = false;
    for (unsigned k = 0; !digits && find_group(pattern, k, &open, &close); k++) {
        char *group = text_format("%.*s", (int)(close - open), pattern + open);
        digits = strstr(group, "0-9") || strstr(group, "\\d");
        free(group);
    }
    if (!digits)
        return NULL;
    char *other = text_format("%.*s(" NO_NUMBER ")%s", (int)open, pattern, pattern + close + 1);
    pcre2_code *code = compile(other, &number, &at);
    free(other);
    return code;
}

bool metric_regex_make(struct metric *metric, const char *pattern, char *error, size_t error_nbytes)
{
    int number;
    PCRE2_SIZE at;
    char why[160] = "";
    const char *place = strstr(pattern, NUMBER);
    char *whole =
        place ? text_format("%.*s(?<number>" ANY_NUMBER ")%s", (int)(place - pattern), pattern, place + strlen(NUMBER))
              : text_copy(pattern);
    metric->code = compile(whole, &number, &at);
    if (metric->code && place) {
        int group = pcre2_substring_number_from_name(metric->code, (PCRE2_SPTR) "number");
        metric->group = group > 0 ? (unsigned)group : 0;
    } else if (metric->code) {
        metric->code_of_nan = compile_without_number(pattern);
    } else {
        pcre2_get_error_message(number, (PCRE2_UCHAR *)why, sizeof why);
        snprintf(error, error_nbytes, "%s: not a regular expression: %s, at character %zu", pattern, why,
                 (size_t)at + 1);
    }
    free(whole);
    return metric->code != NULL;
}

/* The words that a number stands behind, in small letters: `val loss` of `epoch 3 | val loss: 0.5`, when the label is `loss`. */
static char *whole_label(const char *line, size_t from, const char *label)
{
    size_t begin = from;
    for (unsigned n_words = 0; n_words < 4 && begin > 1 && line[begin - 1] == ' '; n_words++) {
        size_t word = begin - 1;
        while (word > 0 && (isalnum((unsigned char)line[word - 1]) || strchr("_-.", line[word - 1])))
            word--;
        if (word == begin - 1 || !isalpha((unsigned char)line[word]))
            break;
        begin = word;
    }
    char *text = text_format("%.*s%s", (int)(from - begin), line + begin, label);
    for (char *at = text; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return text;
}

/* `acc: 0.9`, `acc = 0.9`, `"acc": 0.9`, `acc=tensor(0.9)`; not in `train_acc: 0.9`. */
bool metric_label_make(struct metric *metric, const char *label, char *error, size_t error_nbytes)
{
    if (strstr(label, "\\E")) {
        snprintf(error, error_nbytes, "%s: a label without \\E", metric->how);
        return false;
    }
    char *pattern = text_format("(?i)(?<![\\w.-])\\Q%s\\E[\"']?\\s*[:=]?\\s*(?:tensor\\()?" NUMBER, label);
    bool ok = metric_regex_make(metric, pattern, error, error_nbytes);
    free(pattern);
    metric->is_label = ok;
    return ok;
}

void metric_regex_clear(struct metric *metric)
{
    pcre2_code_free(metric->code);
    pcre2_code_free(metric->code_of_nan);
}

/* ---- values ---- */

/* `([0-9.]+)` takes 3.7 of 3.7e-05: an exponent right behind a number is a part of it. */
static size_t with_exponent(const char *line, size_t from, size_t to, size_t length)
{
    size_t at = to;
    if (at == from || at >= length || (line[at] != 'e' && line[at] != 'E') || !strchr("0123456789.", line[at - 1]))
        return to;
    at++;
    if (at < length && (line[at] == '-' || line[at] == '+'))
        at++;
    size_t digits = at;
    while (at < length && line[at] >= '0' && line[at] <= '9')
        at++;
    return at > digits ? at : to;
}

/* As ANY_NUMBER takes them: 1,234.5 and 9876/10000, too. */
static bool printed_number(const char *text, size_t n, double *value_out)
{
    const char *slash = memchr(text, '/', n);
    double below = 1;
    char plain[64];
    size_t n_plain = 0;
    if (slash && (!metric_number(slash + 1, n - (size_t)(slash + 1 - text), &below) || !(below > 0)))
        return false;
    for (size_t k = 0; k < (slash ? (size_t)(slash - text) : n) && n_plain < sizeof plain; k++)
        if (text[k] != ',')
            plain[n_plain++] = text[k];
    if (n_plain == sizeof plain || !metric_number(plain, n_plain, value_out))
        return false;
    *value_out /= below;
    return true;
}

/* The number of a match: the group that is for it, else the first group that is one; all of it where there are no groups. */
static bool number_of(const struct metric *metric, const char *line, size_t length, const PCRE2_SIZE *ends,
                      unsigned n_groups, double *value_out)
{
    unsigned first = n_groups > 1 ? 1 : 0, last = n_groups - 1;
    if (metric->group > 0)
        return metric->group < n_groups && ends[2 * metric->group] != PCRE2_UNSET &&
               printed_number(line + ends[2 * metric->group], ends[2 * metric->group + 1] - ends[2 * metric->group],
                              value_out);
    for (unsigned k = first; k <= last; k++)
        if (ends[2 * k] != PCRE2_UNSET &&
            metric_number(line + ends[2 * k], with_exponent(line, ends[2 * k], ends[2 * k + 1], length) - ends[2 * k],
                          value_out))
            return true;
    return false;
}

/* All values of a line, and the last one's name: whether there was one. */
static bool read_line(const struct metric *metric, const pcre2_code *code, pcre2_match_data *match, const char *line,
                      size_t length, struct measured *measured, char **last)
{
    bool any = false;
    for (size_t from = 0; from <= length;) {
        int n_groups = pcre2_match(code, (PCRE2_SPTR)line, length, from, 0, match, NULL);
        if (n_groups < 0)
            break;
        const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(match);
        double value;
        any = true;
        if (number_of(metric, line, length, ends, (unsigned)n_groups, &value)) {
            char *name = metric->is_label ? whole_label(line, ends[0], metric->key) : text_copy(metric->name);
            measured_add(measured, name, METRIC_NO_STEP, value);
            free(*last);
            *last = name;
        }
        from = ends[1] > from ? ends[1] : from + 1;
    }
    return any;
}

static bool may_be_nan(const char *line, size_t length)
{
    for (size_t k = 0; k + 3 <= length; k++)
        if (strncasecmp(line + k, "nan", 3) == 0 || strncasecmp(line + k, "inf", 3) == 0)
            return true;
    return false;
}

/* Colours and the like (ECMA-48: ESC [ … letter) are not part of the text. In place. */
static size_t without_colors(char *text, size_t n)
{
    size_t to = 0;
    for (size_t at = 0; at < n;) {
        if (text[at] != '\033' || at + 1 >= n || text[at + 1] != '[') {
            text[to++] = text[at++];
            continue;
        }
        for (at += 2; at < n && (text[at] < 0x40 || text[at] > 0x7e) && text[at] != '\n'; at++)
            ;
        at += at < n && text[at] != '\n';
    }
    return to;
}

/* Of several labels that end with ours, the one that is ours; else the last one, and that is said. */
static void take_label(const struct metric *metric, struct measured *found, const char *last, struct measured *measured)
{
    char *own = whole_label("", 0, metric->key);
    struct series *series = measured_series(found, own);
    if (!series && last)
        series = measured_series(found, last);
    for (size_t i = 0; series && i < series->n; i++)
        measured_add(measured, metric->name, METRIC_NO_STEP, series->values[i]);
    if (series && found->n_series > 1 && strcmp(series->name, own) != 0 && !measured->doubt) {
        const char *other = found->series[found->series == series].name;
        measured->doubt = text_format(
            "--metric %s: it stands behind several labels, %s and %s: this takes %s; name the one that is meant, "
            "-m '%s'",
            metric->name, series->name, other, series->name, other);
    }
    free(own);
}

void metric_read_regex(const struct metric *metric, const char *text, size_t n, struct measured *measured)
{
    pcre2_match_data *match = pcre2_match_data_create_from_pattern(metric->code, NULL);
    struct measured found = {0}, *to = metric->is_label ? &found : measured;
    char *plain = memchr(text, '\033', n) ? malloc(n + 1) : NULL, *last = NULL;
    const char *line, *at = text, *end = text + n;
    size_t length;
    if (plain) {
        memcpy(plain, text, n);
        at = plain;
        end = plain + without_colors(plain, n);
    }
    while (match && metric_next_line(&at, end, &line, &length))
        if (!read_line(metric, metric->code, match, line, length, to, &last) && metric->code_of_nan &&
            may_be_nan(line, length))
            (void)read_line(metric, metric->code_of_nan, match, line, length, to, &last);
    if (metric->is_label)
        take_label(metric, &found, last, measured);
    measured_clear(&found);
    free(last);
    free(plain);
    pcre2_match_data_free(match);
}
