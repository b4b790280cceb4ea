/* cmd_run.c - `oneseed run`: runs a command with one seed at every level.
 * SPDX-License-Identifier: MIT */
#include <dirent.h>   /* opendir: is the trace folder empty? */
#include <errno.h>    /* errno, strtoull */
#include <getopt.h>   /* getopt_long */
#include <inttypes.h> /* PRIu64 */
#include <signal.h>   /* SIGPIPE */
#include <stdio.h>    /* printf */
#include <stdlib.h>   /* strtoull, getenv */
#include <string.h>   /* strcmp */

#include "cli/cli.h"
#include "common/array.h"    /* text_format */
#include "launch/launch.h"   /* launch_run */
#include "launch/settings.h" /* settings_table */
#include "trace/reader.h"    /* trace_open: is what was recorded whole? */

enum { RUN_OWN_FAILURE = 125 };

struct run_options {
    uint64_t seed;
    enum launch_level level;
    bool strict, explain, seeded_entropy, reseed;
    const char *varied; /* sources as given; NULL = one stream for all */
    char sources[256];  /* with their values */
    const char *record; /* NULL = no trace */
    const char *clock;  /* "frozen", "ticking" or NULL */
    char *const *argv;
};

static const char help_text[] =
    "usage: oneseed run [OPTION]... [--] COMMAND [ARGUMENT]...\n"
    "\n"
    "Runs a command with one seed at every level: the same command gives the same result again.\n"
    "\n"
    "  --seed N              root seed, 0 to 18446744073709551615 (default 0)\n"
    "  --level LEVEL         seeds: seeds only\n"
    "                        process: also hash seed, addresses, listings, deterministic algorithms (default)\n"
    "                        portable: also one thread and the same CPU features on every machine\n"
    "  --reseed              seeds that the program gives itself are shifted by N: np.random.seed(42) is then\n"
    "                        np.random.seed(42 + N)\n"
    "  --vary-source LIST    streams of their own for init,order,split,dropout,augment,other, as in a scan: a name,\n"
    "                        or a name with another seed, init=7\n"
    "  --strict              an operation without a deterministic version is an error, not a warning\n"
    "  --record FOLDER       write a trace of draws and operations into a new folder\n"
    "  --clock HOW           virtual clock: frozen, or ticking by a fixed step\n"
    "  --os-entropy seeded   also derive the system's random bytes from the seed; keys become predictable\n"
    "  --explain             print what would be set, at what cost, and where that is documented; run nothing\n"
    "  --help                print this\n"
    "\n"
    "The exit status is the command's, 128+n if signal n ended it, 125 if oneseed itself failed, 126 if the\n"
    "command cannot be executed, 127 if it is not found.\n";

enum {
    OPTION_SEED = 256,
    OPTION_LEVEL,
    OPTION_RESEED,
    OPTION_SOURCES,
    OPTION_STRICT,
    OPTION_RECORD,
    OPTION_CLOCK,
    OPTION_ENTROPY,
    OPTION_EXPLAIN,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"seed", required_argument, NULL, OPTION_SEED},
    {"level", required_argument, NULL, OPTION_LEVEL},
    {"reseed", no_argument, NULL, OPTION_RESEED},
    {"vary-source", required_argument, NULL, OPTION_SOURCES},
    {"strict", no_argument, NULL, OPTION_STRICT},
    {"record", required_argument, NULL, OPTION_RECORD},
    {"clock", required_argument, NULL, OPTION_CLOCK},
    {"os-entropy", required_argument, NULL, OPTION_ENTROPY},
    {"explain", no_argument, NULL, OPTION_EXPLAIN},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static bool parse_seed(const char *text, uint64_t *seed_out)
{
    char *end;
    if (text[0] < '0' || text[0] > '9')
        return false; /* strtoull() takes blanks and signs */
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0')
        return false;
    *seed_out = number;
    return true;
}

static bool parse_level(const char *text, enum launch_level *level_out)
{
    for (enum launch_level level = LAUNCH_SEEDS; level <= LAUNCH_PORTABLE; level++) {
        if (strcmp(text, level_name(level)) == 0) {
            *level_out = level;
            return true;
        }
    }
    return false;
}

/* `init,order=7` to `init=3,order=7`, where 3 is the run's seed. False: bad usage, said. */
static bool sources_of(const char *text, uint64_t seed, char *all, size_t all_nbytes)
{
    size_t n = 0;
    bool ok = true;
    for (const char *name = text; ok; name += strcspn(name, ",") + 1) {
        char entry[64], *equals;
        uint64_t value = seed;
        int n_name = snprintf(entry, sizeof entry, "%.*s", (int)strcspn(name, ","), name);
        equals = strchr(entry, '=');
        if (equals)
            *equals = '\0';
        ok = n_name < (int)sizeof entry && launch_source_is_known(entry) && (!equals || parse_seed(equals + 1, &value));
        n += (size_t)snprintf(all + n, all_nbytes - n, "%s%s=%" PRIu64, n > 0 ? "," : "", entry, value);
        ok = ok && n < all_nbytes;
        if (name[strcspn(name, ",")] == '\0')
            break;
    }
    if (!ok)
        usage_error("run", "--vary-source %s: want names of init, order, split, dropout, augment, other, or NAME=SEED",
                    text);
    return ok;
}

/* 0 = go on, 1 = --help was answered (exit status in *status_out), -1 = bad usage, said on stderr. */
static int parse(int argc, char **argv, struct run_options *options, int *status_out)
{
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, "+:", long_options, NULL)) != -1;) {
        switch (option) {
        case OPTION_SEED:
            if (parse_seed(optarg, &options->seed))
                break;
            usage_error("run", "--seed %s: not a whole number from 0 to 18446744073709551615", optarg);
            return -1;
        case OPTION_LEVEL:
            if (parse_level(optarg, &options->level))
                break;
            usage_error("run", "--level %s: not one of seeds, process, portable", optarg);
            return -1;
        case OPTION_RESEED:
            options->reseed = true;
            break;
        case OPTION_SOURCES:
            options->varied = optarg;
            break;
        case OPTION_STRICT:
            options->strict = true;
            break;
        case OPTION_RECORD:
            options->record = optarg;
            break;
        case OPTION_CLOCK:
            options->clock = optarg;
            if (strcmp(optarg, "frozen") == 0 || strcmp(optarg, "ticking") == 0)
                break;
            usage_error("run", "--clock %s: not one of frozen, ticking", optarg);
            return -1;
        case OPTION_ENTROPY:
            options->seeded_entropy = true;
            if (strcmp(optarg, "seeded") == 0)
                break;
            usage_error("run", "--os-entropy %s: only `seeded` is known", optarg);
            return -1;
        case OPTION_EXPLAIN:
            options->explain = true;
            break;
        case OPTION_HELP:
            fputs(help_text, stdout);
            *status_out = finish_stdout(0);
            return 1;
        case ':':
            usage_error("run", "%s: needs a value", argv[optind - 1]);
            return -1;
        default:
            usage_error("run", "%s: unknown or ambiguous option", argv[optind - 1]);
            return -1;
        }
    }
    options->argv = argv + optind;
    if (options->argv[0] == NULL && !options->explain) {
        usage_error("run", "no command given");
        return -1;
    }
    return 0;
}

static void launch_options_of(const struct run_options *options, char *controls, size_t controls_nbytes,
                              struct launch_options *launch)
{
    snprintf(controls, controls_nbytes, "%s%s%s%s", options->clock != NULL ? "clock:" : "",
             options->clock != NULL ? options->clock : "", options->clock != NULL && options->seeded_entropy ? "," : "",
             options->seeded_entropy ? "os-entropy" : "");
    *launch = (struct launch_options){.argv = options->argv,
                                      .level = options->level,
                                      .has_seed = true,
                                      .seed = options->seed,
                                      .own_seeds = options->reseed ? OWN_SEEDS_SHIFTED : OWN_SEEDS_KEPT,
                                      .sources = options->varied ? options->sources : NULL,
                                      .controls = controls,
                                      .record = "draws,ops",
                                      .trace_folder = options->record,
                                      .strict = options->strict};
}

/* --- --explain ----------------------------------------------------------------------------------------------------- */

struct row {
    const struct setting *setting;
    char value[256];
    const char *was, *comment;
};

static void explain_row(const struct setting *setting, const struct launch_options *launch, struct row *row)
{
    char reason[160];
    bool variable = setting->means == SETTING_VARIABLE || setting->means == SETTING_APPENDED;
    const char *users_own = variable ? getenv(setting->name) : NULL;
    row->setting = setting;
    row->was = users_own != NULL ? users_own : "-";
    row->comment = "";
    setting_value(setting, launch, row->value, sizeof row->value);
    if (setting->means == SETTING_VARIABLE && !setting_replaces(setting, launch, users_own)) {
        snprintf(row->value, sizeof row->value, "%s", users_own);
        row->comment = " (yours is kept)";
    } else if (setting->means == SETTING_APPENDED && users_own != NULL && users_own[0] != '\0') {
        row->comment = " (behind yours)";
    } else if (setting->means == SETTING_LAUNCHER &&
               !launch_control_available(setting->control, reason, sizeof reason)) {
        snprintf(row->value, sizeof row->value, "refused here");
    }
}

static int wider(int width, const char *text)
{
    return (int)strlen(text) > width ? (int)strlen(text) : width;
}

static int explain(const struct launch_options *launch)
{
    char controls[SETTINGS_CONTROLS_NBYTES];
    size_t n_settings, n_rows = 0;
    const struct setting *table = settings_table(&n_settings);
    struct row *rows = calloc(n_settings, sizeof *rows);
    int name_width = 7, value_width = 5, was_width = 3;
    if (rows == NULL || !settings_controls(launch, controls, sizeof controls)) {
        free(rows);
        message("out of memory");
        return RUN_OWN_FAILURE;
    }
    for (const struct setting *setting = table; setting < table + n_settings; setting++) {
        if (!setting_acts(setting, controls))
            continue;
        struct row *row = &rows[n_rows++];
        explain_row(setting, launch, row);
        name_width = wider(name_width, setting->name);
        value_width = wider(value_width, row->value);
        was_width = wider(was_width, row->was);
    }
    printf("%-*s  %-*s  %-*s  %-8s  %s\n", name_width, "SETTING", value_width, "VALUE", was_width, "WAS", "LEVEL",
           "COST");
    for (const struct row *row = rows; row < rows + n_rows; row++)
        printf("%-*s  %-*s  %-*s  %-8s  %s%s\n    %s\n", name_width, row->setting->name, value_width, row->value,
               was_width, row->was, level_name(row->setting->level), row->setting->cost, row->comment,
               row->setting->source);
    free(rows);
    if (launch->controls[0] != '\0')
        printf("\nAsked for by name: %s\n", launch->controls);
    if (launch->own_seeds == OWN_SEEDS_SHIFTED)
        printf("\nSeeds that the program gives itself: %" PRIu64 " is added (docs/seeding.md)\n", launch->seed);
    if (launch->sources)
        printf("\nStreams of their own: %s (docs/seeding.md)\n", launch->sources);
    return finish_stdout(0) == 0 ? 0 : RUN_OWN_FAILURE;
}

/* --- Run ----------------------------------------------------------------------------------------------------------- */

/* A folder that exists must be empty; the rest is launch_run()'s to find out. */
static bool record_allowed(const char *folder)
{
    DIR *entries = opendir(folder);
    if (entries == NULL) {
        if (errno == ENOENT)
            return true;
        message("--record %s: %s", folder, strerror(errno));
        return false;
    }
    bool empty = true;
    for (struct dirent *entry; empty && (entry = readdir(entries)) != NULL;)
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    closedir(entries);
    if (!empty)
        message("--record %s: the folder is not empty; name a new one", folder);
    return empty;
}

/* Notes that begin with "info: " tell something good to know, the others what is not controlled. */
static void print_notes(const struct launch_result *result)
{
    static const char info[] = "info: ";
    char line[4000] = "";
    size_t n = 0;
    for (size_t i = 0; i < result->n_notes; i++) {
        if (strncmp(result->notes[i], info, sizeof info - 1) == 0) {
            message("%s", result->notes[i] + sizeof info - 1);
            continue;
        }
        int n_new = snprintf(line + n, sizeof line - n, "%s%s", n ? "; " : "", result->notes[i]);
        if (n_new > 0)
            n = n + (size_t)n_new < sizeof line ? n + (size_t)n_new : sizeof line - 1;
    }
    if (n > 0)
        message("not controlled: %s", line);
}

/* The command's status is passed through whatever became of its trace: so the loss is said. */
static void print_recording(const char *folder)
{
    char error[400];
    struct trace *trace = trace_open(folder, error, sizeof error);
    if (trace == NULL) {
        message("--record: nothing was recorded: %s", error);
        return;
    }
    int lost = 0;
    for (size_t lane = 0; lost == 0 && lane < trace_n_lanes(trace); lane++)
        lost = trace_lane_lost(trace, lane);
    if (lost != 0)
        message("--record %s: events were lost: %s; the trace holds what came before", folder, strerror(lost));
    trace_close(trace);
}

int cmd_run(int argc, char **argv)
{
    struct run_options options = {.level = LAUNCH_PROCESS};
    struct launch_options launch;
    struct launch_result result;
    char controls[64], error[256];
    int status = 0;
    int parsed = parse(argc, argv, &options, &status);
    if (parsed != 0)
        return parsed < 0 ? RUN_OWN_FAILURE : status;
    if (options.varied && !sources_of(options.varied, options.seed, options.sources, sizeof options.sources))
        return RUN_OWN_FAILURE;
    launch_options_of(&options, controls, sizeof controls, &launch);
    if (options.explain)
        return explain(&launch);
    if (options.record != NULL && !record_allowed(options.record))
        return RUN_OWN_FAILURE;
    struct launch_session *session = launch_session_create(error, sizeof error);
    if (session == NULL) {
        message("%s", error);
        return RUN_OWN_FAILURE;
    }
    if (options.seeded_entropy)
        message("WARNING: --os-entropy seeded: every key, token and password that this command makes can be "
                "predicted from the seed");
    launch_run(session, &launch, &result);
    launch_session_destroy(session);
    signal(SIGPIPE, SIG_IGN); /* a reader of stderr that has gone does not change the status */
    if (result.error[0] != '\0')
        message("%s", result.error);
    else
        print_notes(&result);
    if (options.record != NULL && result.error[0] == '\0')
        print_recording(options.record);
    status = result.status;
    launch_result_clear(&result);
    return status;
}
