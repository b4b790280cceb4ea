/* scan_table.c - how a scan stands: a live table on a terminal, plain lines in a pipe, and the closing words.
 * SPDX-License-Identifier: MIT */
#include "cli/scan_table.h"

#include <inttypes.h>  /* PRId64 */
#include <math.h>      /* isfinite */
#include <stdio.h>     /* fprintf */
#include <stdlib.h>    /* getenv */
#include <string.h>    /* strcmp */
#include <sys/ioctl.h> /* TIOCGWINSZ */
#include <unistd.h>    /* isatty */

#include <jansson.h> /* json_pack */

enum { BARS = 24, METRICS_MOST = 12 };
#define PLAIN_EVERY_S 10.0

void scan_table_init(struct scan_table *table, bool wanted, bool colored)
{
    const char *terminal = getenv("TERM");
    *table = (struct scan_table){.colored = colored, .next_s = PLAIN_EVERY_S};
    table->live = wanted && terminal && strcmp(terminal, "dumb") != 0 && isatty(STDERR_FILENO) == 1;
    if (!wanted)
        table->next_s = HUGE_VAL;
}

/* ---- pieces ---- */

static const char *duration(double seconds, char *text, size_t text_nbytes)
{
    long s = (long)(seconds + 0.5);
    if (seconds < 0)
        snprintf(text, text_nbytes, "–");
    else if (s < 60)
        snprintf(text, text_nbytes, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
    else if (s < 3600)
        snprintf(text, text_nbytes, "%ld min %02ld s", s / 60, s % 60);
    else if (s < 86400)
        snprintf(text, text_nbytes, "%ld h %02ld min", s / 3600, s / 60 % 60);
    else
        snprintf(text, text_nbytes, "%ld d %02ld h", s / 86400, s / 3600 % 24);
    return text;
}

/* A histogram in one line of text. */
static const char *sparkline(const struct scan_metric *metric, char *text)
{
    static const char *const bars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    size_t counts[BARS] = {0}, most = 0, at = 0;
    double low = metric->running.min, high = metric->running.max;
    text[0] = '\0';
    if (metric->n_sample < 2 || !(high > low))
        return text;
    for (size_t k = 0; k < metric->n_sample; k++) {
        size_t bar = (size_t)((metric->sample[k] - low) / (high - low) * BARS);
        counts[bar < BARS ? bar : BARS - 1]++;
    }
    for (size_t k = 0; k < BARS; k++)
        most = counts[k] > most ? counts[k] : most;
    for (size_t k = 0; k < BARS; k++) {
        const char *bar = bars[counts[k] == 0 ? 0 : 1 + counts[k] * 7 / most];
        memcpy(text + at, bar, strlen(bar));
        at += strlen(bar);
    }
    text[at] = '\0';
    return text;
}

/* As many digits as the standard deviation lets one trust, and one more. */
static int digits_of(const struct scan_metric *metric)
{
    double sd = metric->running.n > 1 ? stats_running_sd(&metric->running) : 0, size = fabs(metric->running.mean);
    if (!(sd > 0) || !isfinite(sd))
        return 6;
    int digits = 2 + (size > sd ? (int)ceil(log10(size / sd)) : 1);
    return digits > 12 ? 12 : digits;
}

/* What a metric's line is made of. */
enum { NAME, MEAN, SD, LOW, HIGH, N_CELLS };

struct metric_row {
    char cells[N_CELLS][32], bars[BARS * 3 + 1], rest[96];
};

/* `#` keeps zeros at the end, and a point behind a whole number. */
static void drop_point(char *number)
{
    size_t n = strlen(number);
    if (n > 0 && number[n - 1] == '.')
        number[n - 1] = '\0';
}

static void fill_row(const struct scan_metric *metric, struct metric_row *row)
{
    const struct stats_running *running = &metric->running;
    int digits = digits_of(metric);
    bool varies = running->n > 1 && running->max > running->min;
    size_t n = 0;
    *row = (struct metric_row){0};
    snprintf(row->cells[NAME], sizeof row->cells[NAME], "%.30s", metric->name);
    snprintf(row->cells[MEAN], sizeof row->cells[MEAN], varies ? "%#.*g" : "%.*g", digits, running->mean);
    if (running->n == 0)
        snprintf(row->cells[MEAN], sizeof row->cells[MEAN], "no value");
    if (varies) {
        snprintf(row->cells[SD], sizeof row->cells[SD], "± %#.2g", stats_running_sd(running));
        snprintf(row->cells[LOW], sizeof row->cells[LOW], "%#.*g", digits, running->min);
        snprintf(row->cells[HIGH], sizeof row->cells[HIGH], "%#.*g", digits, running->max);
        for (int cell = MEAN; cell <= HIGH; cell++)
            drop_point(row->cells[cell]);
        sparkline(metric, row->bars);
    } else if (running->n > 1) {
        n += (size_t)snprintf(row->rest, sizeof row->rest, "  in all %s", metric->n_missing ? "that have it" : "runs");
    }
    if (metric->n_nan)
        n += (size_t)snprintf(row->rest + n, sizeof row->rest - n, "  %zu nan", metric->n_nan);
    if (metric->n_missing)
        snprintf(row->rest + n, sizeof row->rest - n, "  %zu missing", metric->n_missing);
}

static int shown(const char *text)
{
    int n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static const char *padding(const char *text, int width)
{
    static const char blanks[] = "                                ";
    int n = width - shown(text);
    return blanks + sizeof blanks - 1 - (n > 0 ? n : 0);
}

/* Calls `put` with a line for each metric, in columns. */
static void metric_lines(const struct scan_progress *progress, void (*put)(void *context, const char *line),
                         void *context)
{
    struct metric_row rows[METRICS_MOST];
    int widths[N_CELLS] = {0};
    size_t n = progress->n_metrics < METRICS_MOST ? progress->n_metrics : METRICS_MOST;
    char line[512];
    for (size_t k = 0; k < n; k++) {
        fill_row(&progress->metrics[k], &rows[k]);
        for (int cell = 0; cell < N_CELLS; cell++)
            widths[cell] = shown(rows[k].cells[cell]) > widths[cell] ? shown(rows[k].cells[cell]) : widths[cell];
    }
    for (size_t k = 0; k < n; k++) {
        char(*cells)[32] = rows[k].cells;
        snprintf(line, sizeof line, "  %s%s  %s%s", cells[NAME], padding(cells[NAME], widths[NAME]), cells[MEAN],
                 cells[SD][0] ? padding(cells[MEAN], widths[MEAN]) : "");
        if (cells[SD][0])
            snprintf(line + strlen(line), sizeof line - strlen(line), " %s%s  %s%s … %s%s  %s", cells[SD],
                     padding(cells[SD], widths[SD]), padding(cells[LOW], widths[LOW]), cells[LOW], cells[HIGH],
                     padding(cells[HIGH], widths[HIGH]), rows[k].bars);
        snprintf(line + strlen(line), sizeof line - strlen(line), "%s", rows[k].rest);
        put(context, line);
    }
    if (progress->n_metrics > METRICS_MOST) {
        snprintf(line, sizeof line, "  and %zu more metrics", progress->n_metrics - METRICS_MOST);
        put(context, line);
    }
}

static void head_line(const struct scan_progress *progress, char *line, size_t line_nbytes)
{
    char left[48], spent[48];
    size_t n = (size_t)snprintf(line, line_nbytes, "%zu of %zu done, %zu running, ", progress->n_done,
                                progress->n_planned, progress->n_running);
    if (progress->n_failed)
        n += (size_t)snprintf(line + n, line_nbytes - n, "%zu failed, ", progress->n_failed);
    n += (size_t)snprintf(line + n, line_nbytes - n, "%s", duration(progress->elapsed_s, spent, sizeof spent));
    if (progress->left_s >= 0)
        snprintf(line + n, line_nbytes - n, ", %s left", duration(progress->left_s, left, sizeof left));
}

/* ---- live ---- */

static size_t columns(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1u : 79u;
}

/* Cut at the terminal's width: a line that wraps could not be drawn again. */
static void put_table_line(void *context, const char *line)
{
    struct scan_table *table = context;
    size_t n = 0, used = 0, width = columns();
    while (line[n] != '\0') {
        if (((unsigned char)line[n] & 0xc0) != 0x80 && ++used > width)
            break;
        n++;
    }
    fprintf(stderr, "\r\033[K%.*s\n", (int)n, line);
    table->n_lines++;
}

void scan_table_erase(struct scan_table *table)
{
    if (table->n_lines > 0)
        fprintf(stderr, "\r\033[%uA\033[J", table->n_lines);
    table->n_lines = 0;
    fflush(stderr);
}

static void show_live(struct scan_table *table, const struct scan_progress *progress)
{
    char line[512], bar[3 * 40 + 1];
    size_t filled = progress->n_planned ? 40 * (progress->n_done + progress->n_failed) / progress->n_planned : 0;
    bar[0] = '\0';
    for (size_t k = 0; k < 40; k++)
        strcat(bar, k < filled ? "━" : "─");
    scan_table_erase(table);
    put_table_line(table, bar);
    head_line(progress, line, sizeof line);
    put_table_line(table, line);
    metric_lines(progress, put_table_line, table);
    fflush(stderr);
}

void scan_table_show(struct scan_table *table, const struct scan_progress *progress)
{
    char line[512];
    if (table->live) {
        show_live(table, progress);
        return;
    }
    if (progress->elapsed_s < table->next_s)
        return;
    table->next_s = progress->elapsed_s + PLAIN_EVERY_S;
    head_line(progress, line, sizeof line);
    fprintf(stderr, "oneseed: %s\n", line);
}

void scan_table_say(struct scan_table *table, const char *line)
{
    scan_table_erase(table);
    fprintf(stderr, "oneseed: %s\n", line);
}

/* ---- the answer ---- */

static void put_answer_line(void *context, const char *line)
{
    (void)context;
    puts(line);
}

static void audit_words(const struct scan_audit *audit)
{
    if (audit->n == 0 && audit->is_wanted)
        printf("  audit: none of the seeds that were run has been repeated\n");
    if (audit->n == 0)
        return;
    char printed[96] = "";
    if (audit->n_printed > 0)
        snprintf(printed, sizeof printed, " (what %zu of them printed besides differs: a time, perhaps)",
                 audit->n_printed);
    if (audit->n_equal == audit->n)
        printf("  audit: %zu of %zu repeated seeds gave the same result again%s\n", audit->n_equal, audit->n, printed);
    else
        printf("  audit: %zu of %zu repeated seeds gave another result (first: seed %" PRId64
               ", %s): the seed does not decide this\n"
               "         program's result; `oneseed check` finds the cause\n",
               audit->n - audit->n_equal, audit->n, audit->first, audit->what);
}

static void until_words(const struct scan_result *result)
{
    const char *metric = result->until.metric;
    double wanted = result->until.half_width;
    if (result->end == SCAN_ENOUGH)
        printf("  enough: the mean of %s ± %g holds with about 95 %%, looking after each run included\n", metric,
               wanted);
    else if (wanted > 0 && isfinite(result->until.have) && result->until.have <= wanted)
        printf("  not yet enough: the mean of %s is known to ± %.2g, but by too few runs to trust that (10, and 3 to "
               "spare)\n",
               metric, result->until.have);
    else if (wanted > 0 && isfinite(result->until.have))
        printf("  not enough: the mean of %s is known to ± %.2g, not to ± %g: more --seeds\n", metric,
               result->until.have, wanted);
    else if (wanted > 0)
        printf("  not enough: there are too few values%s%s for --until\n", metric[0] ? " of " : "", metric);
}

void scan_answer_text(const struct scan_result *result, const char *where, bool colored)
{
    const struct scan_progress *progress = &result->progress;
    char spent[48];
    const char *bold = colored ? "\033[1m" : "", *plain = colored ? "\033[0m" : "";
    size_t n_open = progress->n_planned - progress->n_done - progress->n_failed, n_values = 0;
    for (size_t k = 0; k < progress->n_metrics; k++)
        n_values = progress->metrics[k].running.n > n_values ? progress->metrics[k].running.n : n_values;
    printf("%s%s%s: %zu of %zu runs done", bold, where, plain, progress->n_done, progress->n_planned);
    if (progress->n_failed)
        printf(", %zu failed", progress->n_failed);
    printf(", %s\n", duration(progress->elapsed_s, spent, sizeof spent));
    metric_lines(progress, put_answer_line, NULL);
    audit_words(&result->audit);
    until_words(result);
    if (n_open > 0 && result->end != SCAN_ENOUGH)
        printf("  %zu run%s missing: oneseed scan --resume %s\n", n_open, n_open == 1 ? " is" : "s are", where);
    else if (progress->n_failed > 0)
        printf("  to try those that failed again: oneseed scan --resume %s --retries N, with N above what was tried\n",
               where);
    if (progress->n_done > 0 && progress->n_metrics == 0)
        printf("  nothing was measured: say where the result is, --metric NAME=HOW, or oneseed.log(NAME=…) in the "
               "program\n");
    else if (n_values > 1)
        printf("  what it means: oneseed stats %s\n", where);
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

void scan_answer_json(const struct scan_result *result, const char *where)
{
    static const char *const ends[] = {"complete", "enough", "stopped", "refused"};
    const struct scan_progress *progress = &result->progress;
    json_t *metrics = json_object(), *answer = json_object(), *study = json_string(where);
    for (size_t k = 0; k < progress->n_metrics; k++) {
        const struct scan_metric *metric = &progress->metrics[k];
        const struct stats_running *running = &metric->running;
        json_t *row = json_object();
        json_object_set_new(row, "n", json_integer((json_int_t)running->n));
        json_object_set_new(row, "nan", json_integer((json_int_t)metric->n_nan));
        json_object_set_new(row, "missing", json_integer((json_int_t)metric->n_missing));
        json_object_set_new(row, "mean", running->n > 0 ? number(running->mean) : json_null());
        json_object_set_new(row, "sd", running->n > 1 ? number(stats_running_sd(running)) : json_null());
        json_object_set_new(row, "min", running->n > 0 ? number(running->min) : json_null());
        json_object_set_new(row, "max", running->n > 0 ? number(running->max) : json_null());
        json_object_set_new(metrics, metric->name, row);
    }
    json_object_set_new(answer, "format", json_string("oneseed-scan/1"));
    json_object_set_new(answer, "study", study ? study : json_null());
    json_object_set_new(answer, "end", json_string(ends[result->end]));
    json_object_set_new(answer, "planned", json_integer((json_int_t)progress->n_planned));
    json_object_set_new(answer, "done", json_integer((json_int_t)progress->n_done));
    json_object_set_new(answer, "failed", json_integer((json_int_t)progress->n_failed));
    json_object_set_new(answer, "seconds", json_real(progress->elapsed_s));
    json_object_set_new(answer, "metrics", metrics);
    if (result->audit.n > 0)
        json_object_set_new(answer, "audit",
                            json_pack("{s:I,s:I,s:I}", "repeated", (json_int_t)result->audit.n, "equal",
                                      (json_int_t)result->audit.n_equal, "printed",
                                      (json_int_t)result->audit.n_printed));
    if (result->until.half_width > 0)
        json_object_set_new(answer, "until",
                            json_pack("{s:s,s:f,s:o}", "metric", result->until.metric, "half_width",
                                      result->until.half_width, "have", number(result->until.have)));
    if (result->end == SCAN_REFUSED)
        json_object_set_new(answer, "error", json_string(result->error));
    json_dumpf(answer, stdout, JSON_COMPACT | JSON_REAL_PRECISION(17));
    putchar('\n');
    json_decref(answer);
}
