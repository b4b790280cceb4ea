/* scan_options.c - the options of `oneseed scan`, and what they mean together.
 * SPDX-License-Identifier: MIT */
#include "cli/scan_options.h"

#include <errno.h>  /* errno */
#include <getopt.h> /* getopt_long */
#include <math.h>   /* isfinite */
#include <stdio.h>  /* fputs */
#include <stdlib.h> /* strtod */
#include <string.h> /* strcmp */
#include <unistd.h> /* getcwd */

#include "cli/cli.h"
#include "common/array.h" /* ARRAY_PUSH */
#include "scan/warm.h"    /* warm_possible */
#include "study/study.h"  /* study_open_reader */

static const char help_text[] =
    "usage: oneseed scan -o STUDY --seeds A:B [OPTION]... [--] COMMAND [ARGUMENT]...\n"
    "       oneseed scan --resume STUDY [OPTION]...\n"
    "       oneseed scan --merge -o STUDY STUDY...\n"
    "\n"
    "Runs a command once with each seed and keeps what came of it: how much of a result is luck?\n"
    "\n"
    "  -o, --out STUDY        new study: an SQLite file, or postgresql://…\n"
    "  --resume STUDY         run what is missing in a study; its command and settings are in it. A new --metric is\n"
    "                         added, and read from what was kept of the runs that are there\n"
    "  --seeds LIST           A:B (without B), A:B:STEP, A, comma-separated\n"
    "  -j, --jobs N           runs at the same time (default 1)\n"
    "  -m, --metric NAME      a number to keep: behind NAME on stdout, as in acc: 0.93. NAME=HOW: a regular\n"
    "                         expression ({number} is one), text:LABEL, json[:KEY], json:KEY@FILE,\n"
    "                         csv:COLUMN@FILE, tensorboard:TAG@FOLDER, mlflow:KEY@FOLDER, log.\n"
    "                         What the program gives to oneseed.log() is kept without it\n"
    "  --level LEVEL          bare: as it is, with {seed} in the command; seeds, process (default), portable: as\n"
    "                         in `oneseed run`\n"
    "  --reseed               seeds that the program gives itself are shifted by the run's: manual_seed(42) is\n"
    "                         manual_seed(42 + K)\n"
    "  --timeout SECONDS      end a run after that time\n"
    "  --retries N            try a run that is not done again, so many times (default 0)\n"
    "  --until [NAME:]ci<W    stop when the 95 % interval of the mean is narrower than W; none: do not\n"
    "  --audit PERCENT        repeat some of the seeds, and say whether they gave the same: 1%\n"
    "  --vary-source LIST     also vary single sources: init,order,split,dropout,augment,other\n"
    "  --preload MODULES      import these once, and fork each run from there (Python commands)\n"
    "  --preload-check N      so many runs are also started cold, and must be equal (default 2)\n"
    "  --folders FOLDER       keep the folder of each run, {folder} in the command, as FOLDER/SEED\n"
    "  --keep-output          keep stdout and stderr there\n"
    "  --no-steps             keep only the last value of each metric\n"
    "  --allow-missing        go on when a metric is in none of the first ten runs, or all of them fail\n"
    "  --shard I/N            only every N-th run, from the I-th on (0 to N-1)\n"
    "  --on ray[:ADDRESS]     the runs are tasks of a Ray cluster\n"
    "  --merge                put studies of shards together\n"
    "  --emit SYSTEM          run nothing, print a batch script for slurm, or a manifest for kubernetes\n"
    "  --tasks N              so many tasks of it share the runs (default 10, or as many as there are runs)\n"
    "  --image NAME           the container image that has the command and oneseed (kubernetes)\n"
    "  --force                resume, or merge, although the command's files or its environment changed\n"
    "  --json                 the answer as one JSON document\n"
    "  --color WHEN           auto (default), always, never\n"
    "  --no-progress          no table while it runs\n"
    "  --help                 print this\n"
    "\n"
    "In the command {seed} stands for the seed and {folder} for an empty folder of the run.\n"
    "Exit status: 0 every run is done, 1 some failed or did not repeat, 2 it could not be done, 128+n stopped by\n"
    "signal n.\n";

enum {
    OPTION_RESUME = 256,
    OPTION_SEEDS,
    OPTION_SEED,
    OPTION_LEVEL,
    OPTION_TIMEOUT,
    OPTION_RETRIES,
    OPTION_UNTIL,
    OPTION_AUDIT,
    OPTION_VARY,
    OPTION_PRELOAD,
    OPTION_CHECK,
    OPTION_FOLDERS,
    OPTION_KEEP,
    OPTION_NO_STEPS,
    OPTION_RESEED,
    OPTION_MISSING,
    OPTION_SHARD,
    OPTION_ON,
    OPTION_MERGE,
    OPTION_EMIT,
    OPTION_TASKS,
    OPTION_IMAGE,
    OPTION_FORCE,
    OPTION_JSON,
    OPTION_COLOR,
    OPTION_NO_PROGRESS,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"out", required_argument, NULL, 'o'},
    {"resume", required_argument, NULL, OPTION_RESUME},
    {"seeds", required_argument, NULL, OPTION_SEEDS},
    {"seed", required_argument, NULL, OPTION_SEED}, /* else an abbreviation */
    {"jobs", required_argument, NULL, 'j'},
    {"metric", required_argument, NULL, 'm'},
    {"level", required_argument, NULL, OPTION_LEVEL},
    {"timeout", required_argument, NULL, OPTION_TIMEOUT},
    {"retries", required_argument, NULL, OPTION_RETRIES},
    {"until", required_argument, NULL, OPTION_UNTIL},
    {"audit", required_argument, NULL, OPTION_AUDIT},
    {"vary-source", required_argument, NULL, OPTION_VARY},
    {"preload", required_argument, NULL, OPTION_PRELOAD},
    {"preload-check", required_argument, NULL, OPTION_CHECK},
    {"folders", required_argument, NULL, OPTION_FOLDERS},
    {"keep-output", no_argument, NULL, OPTION_KEEP},
    {"no-steps", no_argument, NULL, OPTION_NO_STEPS},
    {"reseed", no_argument, NULL, OPTION_RESEED},
    {"allow-missing", no_argument, NULL, OPTION_MISSING},
    {"shard", required_argument, NULL, OPTION_SHARD},
    {"on", required_argument, NULL, OPTION_ON},
    {"merge", no_argument, NULL, OPTION_MERGE},
    {"emit", required_argument, NULL, OPTION_EMIT},
    {"tasks", required_argument, NULL, OPTION_TASKS},
    {"image", required_argument, NULL, OPTION_IMAGE},
    {"force", no_argument, NULL, OPTION_FORCE},
    {"json", no_argument, NULL, OPTION_JSON},
    {"color", required_argument, NULL, OPTION_COLOR},
    {"no-progress", no_argument, NULL, OPTION_NO_PROGRESS},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

enum { JOBS_MOST = 1000 };

/* ---- options ---- */

bool scan_options_number(const char *text, unsigned long least, unsigned long most, unsigned long *out)
{
    char *end;
    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    *out = strtoul(text, &end, 10);
    return errno == 0 && *end == '\0' && *out >= least && *out <= most;
}

static bool read_real(const char *text, const char **rest, double *out)
{
    char *end;
    *out = strtod(text, &end);
    *rest = end;
    return end != text && isfinite(*out) && *out > 0;
}

static int parse_level(const char *text, struct scan_options *options)
{
    static const char *const names[] = {"bare", "seeds", "process", "portable"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strcmp(text, names[k]) == 0) {
            options->request.level = (enum launch_level)k;
            options->has_level = true;
            return 0;
        }
    usage_error("scan", "--level %s: not one of bare, seeds, process, portable", text);
    return -1;
}

static int parse_metric(const char *text, struct scan_options *options)
{
    char error[512];
    struct metric metric;
    struct request *request = &options->request;
    if (!metric_parse(text, &metric, error, sizeof error)) {
        usage_error("scan", "--metric %s: %s", text, error);
        return -1;
    }
    for (size_t k = 0; k < request->n_metrics; k++)
        if (strcmp(request->metrics[k].name, metric.name) == 0) {
            usage_error("scan", "--metric %s: there is one of that name already", text);
            metric_clear(&metric);
            return -1;
        }
    ARRAY_PUSH(request->metrics, request->n_metrics, metric);
    return 0;
}

static int parse_until(const char *text, struct scan_options *options)
{
    options->has_until = true;
    if (request_until(&options->request, text))
        return 0;
    usage_error("scan", "--until %s: want ci<WIDTH or NAME:ci<WIDTH, as in acc:ci<0.1, or none", text);
    return -1;
}

static int parse_audit(const char *text, struct scan_options *options)
{
    const char *rest;
    double percent;
    options->has_audit = true;
    bool ok = read_real(text, &rest, &percent) && percent <= 100;
    if (ok && (strcmp(rest, "%") == 0 || (rest[0] == '\0' && percent > 1))) {
        options->request.audit = percent / 100;
        return 0;
    }
    if (ok && rest[0] == '\0')
        usage_error("scan", "--audit %s: per cent, or a share? write %s%% or %g%%", text, text, percent * 100);
    else
        usage_error("scan", "--audit %s: want a percentage above 0 up to 100, as in 1%%", text);
    return -1;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int parse_sources(const char *text, struct request *request)
{
    size_t n = 0;
    char *copy = text_copy(text), *rest = NULL;
    for (char *name = strtok_r(copy, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
        bool is_known = launch_source_is_known(name), is_there = false;
        for (size_t k = 0; k < n; k++)
            is_there |= strcmp(name, request->varied[k]) == 0;
        if (!is_known || is_there) {
            usage_error("scan", "--vary-source %s: %s: %s", text, name,
                        is_there ? "is there twice" : "not one of init, order, split, dropout, augment, other");
            free(copy);
            return -1;
        }
        ARRAY_PUSH(request->varied, n, text_copy(name));
    }
    free(copy);
    if (n == 0) {
        usage_error("scan", "--vary-source: no source is named");
        return -1;
    }
    qsort(request->varied, n, sizeof *request->varied, by_name);
    ARRAY_PUSH(request->varied, n, NULL);
    return 0;
}

static int parse_shard(const char *text, struct scan_options *options)
{
    unsigned long shard, n;
    char *slash = strchr(text, '/'), *first = slash ? text_format("%.*s", (int)(slash - text), text) : NULL;
    bool ok = slash && scan_options_number(slash + 1, 1, 1000000, &n) && scan_options_number(first, 0, n - 1, &shard);
    free(first);
    if (!ok) {
        usage_error("scan", "--shard %s: want I/N with I from 0 to N-1", text);
        return -1;
    }
    options->request.shard = shard;
    options->request.n_shards = n;
    options->has_shard = true;
    return 0;
}

static int parse_number(const char *option, const char *text, unsigned long least, unsigned long most,
                        unsigned long *out)
{
    if (scan_options_number(text, least, most, out))
        return 0;
    usage_error("scan", "%s %s: not a whole number from %lu to %lu", option, text, least, most);
    return -1;
}

/* One option; -1: bad usage, said. */
static int take_option(int option, struct scan_options *options)
{
    struct request *request = &options->request;
    unsigned long number = 0;
    const char *rest;
    int bad = 0;
    switch (option) {
    case 'o':
        options->out = optarg;
        break;
    case OPTION_RESUME:
        options->resume = optarg;
        break;
    case OPTION_SEEDS:
        free(request->seeds);
        request->seeds = text_copy(optarg);
        break;
    case OPTION_SEED:
        usage_error("scan", "--seed %s: a scan has --seeds A:B; one seed is `oneseed run --seed`", optarg);
        return -1;
    case 'j':
        bad = parse_number("--jobs", optarg, 1, JOBS_MOST, &number);
        request->jobs = number;
        options->has_jobs = bad == 0;
        break;
    case 'm':
        return parse_metric(optarg, options);
    case OPTION_LEVEL:
        return parse_level(optarg, options);
    case OPTION_TIMEOUT:
        options->has_timeout = true;
        if (read_real(optarg, &rest, &request->timeout_s) && *rest == '\0')
            break;
        usage_error("scan", "--timeout %s: not a number of seconds above 0", optarg);
        return -1;
    case OPTION_RETRIES:
        bad = parse_number("--retries", optarg, 0, 200, &number);
        request->retries = (unsigned)number;
        options->has_retries = true;
        break;
    case OPTION_UNTIL:
        return parse_until(optarg, options);
    case OPTION_AUDIT:
        return parse_audit(optarg, options);
    case OPTION_VARY:
        return parse_sources(optarg, request);
    case OPTION_PRELOAD:
        request->preload = text_copy(optarg);
        break;
    case OPTION_CHECK:
        bad = parse_number("--preload-check", optarg, 0, 1000000, &number);
        request->preload_check = (unsigned)number;
        break;
    case OPTION_FOLDERS:
        request->folders = text_copy(optarg);
        break;
    case OPTION_KEEP:
        request->keeps_output = true;
        break;
    case OPTION_NO_STEPS:
        request->keeps_steps = false;
        break;
    case OPTION_RESEED:
        request->reseeds = true;
        break;
    case OPTION_MISSING:
        request->allows_missing = true;
        break;
    case OPTION_SHARD:
        return parse_shard(optarg, options);
    case OPTION_MERGE:
        options->merge = true;
        break;
    case OPTION_ON:
        if (strcmp(optarg, "ray") == 0 || strncmp(optarg, "ray:", 4) == 0) {
            request->ray = optarg[3] == ':' ? optarg + 4 : "";
            break;
        }
        usage_error("scan", "--on %s: want ray or ray:ADDRESS", optarg);
        return -1;
    case OPTION_EMIT:
        options->emit = optarg;
        if (strcmp(optarg, "slurm") == 0 || strcmp(optarg, "kubernetes") == 0)
            break;
        usage_error("scan", "--emit %s: not one of slurm, kubernetes", optarg);
        return -1;
    case OPTION_TASKS:
        return parse_number("--tasks", optarg, 1, 1000000, &options->n_tasks);
    case OPTION_IMAGE:
        options->image = optarg;
        break;
    case OPTION_FORCE:
        request->force = true;
        break;
    case OPTION_JSON:
        options->json = true;
        break;
    case OPTION_COLOR:
        if (color_parse(optarg, &options->color))
            break;
        usage_error("scan", "--color %s: not one of auto, always, never", optarg);
        return -1;
    case OPTION_NO_PROGRESS:
        options->no_progress = true;
        break;
    }
    return bad;
}

/* For a batch script. Not what is of this call, or of each task. */
static void remember_option(int option, struct scan_options *options)
{
    static const int left_out[] = {'o',          OPTION_RESUME, OPTION_SHARD, OPTION_MERGE, OPTION_EMIT,
                                   OPTION_TASKS, OPTION_IMAGE,  OPTION_JSON,  OPTION_COLOR, OPTION_NO_PROGRESS};
    for (size_t k = 0; k < sizeof left_out / sizeof *left_out; k++)
        if (option == left_out[k])
            return;
    for (const struct option *known = long_options; known->name; known++)
        if (known->val == option) {
            ARRAY_PUSH(options->said, options->n_said, text_format("--%s", known->name));
            if (known->has_arg == required_argument)
                ARRAY_PUSH(options->said, options->n_said, text_copy(optarg));
        }
}

/* Options end where the command begins. With --merge there is none, but names of studies, anywhere between them. */
static const char command_letters[] = "+:o:j:m:", studies_letters[] = ":o:j:m:";

static bool names_studies(int argc, char **argv)
{
    int option;
    while ((option = getopt_long(argc, argv, command_letters, long_options, NULL)) != -1 && option != OPTION_MERGE)
        ;
    optind = 0; /* getopt begins anew */
    return option == OPTION_MERGE;
}

/* 0 = go on, 1 = --help was answered, -1 = bad usage, said on stderr. */
int scan_options_parse(int argc, char **argv, struct scan_options *options)
{
    opterr = 0;
    const char *letters = names_studies(argc, argv) ? studies_letters : command_letters;
    for (int option; (option = getopt_long(argc, argv, letters, long_options, NULL)) != -1;) {
        if (option == OPTION_HELP) {
            fputs(help_text, stdout);
            return 1;
        }
        if (option == ':') {
            usage_error("scan", "%s: needs a value", argv[optind - 1]);
            return -1;
        }
        if (option == '?') {
            usage_error("scan", "%s: unknown or ambiguous option", argv[optind - 1]);
            return -1;
        }
        if (take_option(option, options) != 0)
            return -1;
        remember_option(option, options);
    }
    ARRAY_PUSH(options->said, options->n_said, NULL);
    options->rest = argv + optind;
    return 0;
}

/* ---- what the options mean together ---- */

/* From a batch system's variables, when nothing is said: each task of an array is a shard. Of a shared study each
 * takes what is left. */
int scan_options_shard(struct scan_options *options)
{
    static const struct {
        const char *index, *first, *count;
    } systems[] = {{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT"},
                   {"JOB_COMPLETION_INDEX", NULL, "ONESEED_SHARDS"}};
    const char *where = options->resume ? options->resume : options->out;
    if (where && strstr(where, "://"))
        return 0;
    for (size_t k = 0; k < sizeof systems / sizeof *systems && !options->has_shard; k++) {
        const char *index = getenv(systems[k].index), *count = getenv(systems[k].count);
        const char *first = systems[k].first ? getenv(systems[k].first) : NULL;
        unsigned long i, low = 0, n;
        if (!index || !count)
            continue;
        if (!scan_options_number(index, 0, 100000000, &i) || !scan_options_number(count, 1, 1000000, &n) ||
            (first && !scan_options_number(first, 0, i, &low)) || i - low >= n) {
            message("%s=%s of %s=%s: no shard follows from these: say --shard I/N", systems[k].index, index,
                    systems[k].count, count);
            return -1;
        }
        options->request.shard = i - low;
        options->request.n_shards = n;
        options->has_shard = true;
    }
    return 0;
}

static bool names_each_run(const char *text)
{
    return worker_names(text, "{seed}") || worker_names(text, "{folder}");
}

/* Runs at the same time would overwrite each other's. False: said. */
static bool files_differ(const struct request *request)
{
    for (size_t k = 0; k < request->n_metrics && request->jobs != 1; k++)
        if (request->metrics[k].path && !names_each_run(request->metrics[k].path)) {
            usage_error("scan",
                        "--metric %s: %s is the same file for all runs, and several at a time would overwrite it: put "
                        "{seed} or {folder} into it (and into the command)",
                        request->metrics[k].name, request->metrics[k].path);
            return false;
        }
    return true;
}

int scan_options_new(struct scan_options *options)
{
    struct request *request = &options->request;
    bool names_seed = false;
    char error[512], here[4096];
    if (!options->out)
        return usage_error("scan", "no study: -o STUDY makes a new one, --resume STUDY goes on with one");
    if (!request->seeds)
        return usage_error("scan", "no seeds: --seeds A:B, as in --seeds 0:100");
    if (!options->rest[0])
        return usage_error("scan", "no command given");
    for (char *const *word = options->rest; *word; word++)
        names_seed |= worker_names(*word, "{seed}");
    if (request->level == LAUNCH_BARE && !names_seed)
        return usage_error("scan", "--level bare: {seed} is not in the command, so all runs would be the same");
    if (!files_differ(request))
        return CLI_UNDECIDED;
    if (request->until && !request->until_metric && request->n_metrics > 1)
        return usage_error("scan", "--until %s: of which metric? --until %s:%s, say", request->until,
                           request->metrics[0].name, request->until);
    if (request->keeps_output && !request->folders)
        return usage_error("scan", "--keep-output: where? --folders FOLDER says it");
    if (request->varied && request->level == LAUNCH_BARE)
        return usage_error("scan", "--vary-source needs the recorder in the program: --level seeds or above");
    if (request->reseeds && request->level == LAUNCH_BARE)
        return usage_error("scan", "--reseed needs the recorder in the program: --level seeds or above");
    if (request->preload && request->level == LAUNCH_BARE)
        return usage_error("scan", "--preload needs the recorder in the program: --level seeds or above");
    if (request->preload && !warm_possible(options->rest, error, sizeof error))
        return usage_error("scan", "--preload: %s", error);
    if (!getcwd(here, sizeof here)) {
        message("the working directory cannot be read: %s", strerror(errno));
        return CLI_UNDECIDED;
    }
    size_t n = 0;
    for (char *const *word = options->rest; *word; word++)
        ARRAY_PUSH(request->argv, n, text_copy(*word));
    ARRAY_PUSH(request->argv, n, NULL);
    request->directory = text_copy(here);
    request->where = options->out;
    return 0;
}

/* Moves what the study does not have yet, or found in another way, which the study then allows or not. */
static void add_metrics(struct request *said, struct request *stored)
{
    for (size_t k = 0; k < said->n_metrics; k++) {
        struct metric *metric = &said->metrics[k];
        struct metric *there = NULL;
        for (size_t i = 0; i < stored->n_metrics; i++)
            if (strcmp(stored->metrics[i].name, metric->name) == 0)
                there = &stored->metrics[i];
        ARRAY_PUSH(stored->added, stored->n_added, text_copy(metric->name));
        if (there) {
            metric_clear(there);
            *there = *metric;
        } else {
            ARRAY_PUSH(stored->metrics, stored->n_metrics, *metric);
        }
        *metric = (struct metric){0}; /* it has moved, or is cleared */
    }
}

/* The study's request, with what this call says besides. */
int scan_options_resumed(struct scan_options *options)
{
    struct request *said = &options->request, stored;
    char error[STUDY_ERROR_NBYTES];
    if (options->out || options->rest[0] || said->varied || said->preload || said->folders || said->reseeds ||
        said->keeps_output || !said->keeps_steps || options->has_level)
        return usage_error("scan", "--resume: command, level, sources, --reseed, preload, folders, --keep-output and "
                                   "--no-steps are in the study and cannot change");
    struct study *study = study_open_reader(options->resume, error);
    bool ok = study && request_read(study, &stored, error, sizeof error);
    study_close(study);
    if (!ok) {
        char *shown = study_shown(options->resume);
        message("%s%s%s", study ? shown : "", study ? ": " : "", error);
        free(shown);
        return CLI_UNDECIDED;
    }
    add_metrics(said, &stored);
    stored.allows_missing |= said->allows_missing;
    if (said->seeds) {
        free(stored.seeds);
        stored.seeds = text_copy(said->seeds);
    }
    stored.where = options->resume;
    if (options->has_jobs || said->ray)
        stored.jobs = said->jobs;
    if (options->has_shard) {
        stored.shard = said->shard;
        stored.n_shards = said->n_shards;
    }
    if (options->has_until) {
        free(stored.until);
        free(stored.until_metric);
        stored.until = said->until;
        stored.until_metric = said->until_metric;
        stored.until_half_width = said->until_half_width;
    }
    stored.preload_check = said->preload_check;
    stored.force = said->force;
    stored.ray = said->ray;
    stored.retries = options->has_retries ? said->retries : stored.retries;
    stored.timeout_s = options->has_timeout ? said->timeout_s : stored.timeout_s;
    stored.audit = options->has_audit ? said->audit : stored.audit;
    free(said->seeds);
    free(said->metrics);
    *said = stored;
    return files_differ(said) ? 0 : CLI_UNDECIDED;
}

int scan_options_emit(const struct scan_options *options)
{
    if (!options->emit && (options->n_tasks > 0 || options->image))
        return usage_error("scan", "%s: only with --emit", options->image ? "--image" : "--tasks");
    if (!options->emit)
        return 0;
    if (options->resume || options->has_shard)
        return usage_error("scan", "--emit: %s; each task has its own shard and study",
                           options->resume ? "describe the scan with -o, --seeds and the command, not --resume"
                                           : "without --shard");
    if (strcmp(options->emit, "kubernetes") == 0 && !options->image)
        return usage_error("scan", "--emit kubernetes: --image NAME says which container image has the command and "
                                   "oneseed");
    if (options->image && strcmp(options->emit, "kubernetes") != 0)
        return usage_error("scan", "--image: only with --emit kubernetes");
    if (options->request.ray)
        return usage_error("scan", "--emit: not with --on, which runs the scan now");
    return 0;
}
