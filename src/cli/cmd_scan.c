/* cmd_scan.c - `oneseed scan`: the same command with many seeds.
 * SPDX-License-Identifier: MIT */
#include <errno.h>  /* errno */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* free */
#include <string.h> /* strcmp */
#include <unistd.h> /* getcwd, chdir */

#include "cli/cli.h"
#include "cli/scan_emit.h"
#include "cli/scan_options.h"
#include "cli/scan_table.h"
#include "scan/fingerprint.h"
#include "scan/serve.h"  /* serve */
#include "study/study.h" /* study_merge */

/* Runs happen where the study says. The study's own path is as seen from here. */
static int go_there(struct request *request)
{
    static char where[8192];
    char here[4096];
    if (!strstr(request->where, "://") && request->where[0] != '/' && getcwd(here, sizeof here)) {
        snprintf(where, sizeof where, "%s/%s", here, request->where);
        if (!getcwd(here, sizeof here) || strcmp(here, request->directory) != 0)
            request->where = where;
    }
    if (chdir(request->directory) == 0)
        return 0;
    message("%s: %s: the study's runs happen there", request->directory, strerror(errno));
    return CLI_UNDECIDED;
}

static void on_tick(void *context, const struct scan_progress *progress)
{
    scan_table_show(context, progress);
}

static void on_say(void *context, const char *line)
{
    scan_table_say(context, line);
}

static int status_of(const struct scan_result *result)
{
    switch (result->end) {
    case SCAN_REFUSED:
        return CLI_UNDECIDED;
    case SCAN_STOPPED:
        return 128 + result->signal;
    case SCAN_COMPLETE:
    case SCAN_ENOUGH:
        break;
    }
    for (size_t k = 0; k < result->progress.n_metrics; k++)
        if (result->progress.metrics[k].n_missing > 0)
            return CLI_DIFFERENT;
    return result->progress.n_failed > 0 || result->audit.n_equal < result->audit.n ? CLI_DIFFERENT : CLI_SAME;
}

static int scan(struct scan_options *options)
{
    struct scan_table table;
    struct scan_result result;
    char *where = study_shown(options->resume ? options->resume : options->out);
    scan_table_init(&table, !options->no_progress, color_for(options->color, STDERR_FILENO));
    struct scan_listener listener = {on_tick, on_say, &table};
    scan_run(&options->request, options->resume != NULL, &listener, &result);
    scan_table_erase(&table);
    if (result.end == SCAN_REFUSED)
        message("%s", result.error);
    int status = status_of(&result);
    bool has_begun = result.has_begun && (result.end != SCAN_REFUSED || result.n_ended > 0);
    if (options->json)
        scan_answer_json(&result, where);
    else if (has_begun)
        scan_answer_text(&result, where, color_for(options->color, STDOUT_FILENO));
    scan_result_clear(&result);
    free(where);
    return finish_stdout(status);
}

/* Files that only one of them names: its first run had not ended yet, or it has imported more. */
static char *difference(const char *name, const char *before, const char *now)
{
    bool script = strcmp(name, "script") == 0;
    return fingerprint_difference(before, now, script ? FINGERPRINT_COMMON : FINGERPRINT_ALL);
}

static int merge(const struct scan_options *options)
{
    char error[STUDY_ERROR_NBYTES], *noted;
    size_t n = 0;
    while (options->rest[n])
        n++;
    if (!options->out || n < 1)
        return usage_error("scan", "--merge: want -o STUDY and the studies to put together");
    bool ok = study_merge((const char *const *)options->rest, n, options->out, difference, options->request.force,
                          &noted, error);
    if (!ok)
        message("%s", error);
    else if (noted)
        message("%s: merged, as you say", noted);
    if (ok)
        printf("%s: %zu studies are one now: oneseed stats %s\n", options->out, n, options->out);
    free(noted);
    return ok ? finish_stdout(CLI_SAME) : CLI_UNDECIDED;
}

int cmd_scan(int argc, char **argv)
{
    /* Not for people: how a driver starts a worker on another machine. */
    unsigned long fd;
    if (argc == 3 && strcmp(argv[1], "--serve") == 0 && scan_options_number(argv[2], 0, 1000000, &fd))
        serve((int)fd);
    struct scan_options options = {
        .request = {.jobs = 1, .n_shards = 1, .level = LAUNCH_PROCESS, .preload_check = 2, .keeps_steps = true}};
    int status = scan_options_parse(argc, argv, &options);
    if (status == 1)
        return finish_stdout(CLI_SAME);
    if (options.request.ray && !options.has_jobs)
        options.request.jobs = 0; /* as the cluster has room */
    if (status == 0 && options.merge)
        return merge(&options);
    if (status == 0 && !options.emit && scan_options_shard(&options) != 0)
        status = CLI_UNDECIDED;
    if (status == 0)
        status = scan_options_emit(&options);
    if (status == 0)
        status = options.resume ? scan_options_resumed(&options) : scan_options_new(&options);
    if (status == 0 && options.emit) {
        struct scan_emit emission = {options.emit, options.image, options.n_tasks, options.said};
        return scan_emit(&options.request, &emission);
    }
    if (status == 0)
        status = go_there(&options.request);
    status = status == 0 ? scan(&options) : CLI_UNDECIDED;
    for (size_t k = 0; k < options.n_said; k++) /* after bad usage there is no NULL behind them */
        free(options.said[k]);
    free(options.said);
    request_clear(&options.request);
    return status;
}
