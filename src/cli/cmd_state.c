/* cmd_state.c - `oneseed state`: shows states of random generators, converts them, says how far two are apart.
 * SPDX-License-Identifier: MIT */
#include <errno.h>    /* errno */
#include <fcntl.h>    /* open */
#include <getopt.h>   /* getopt_long */
#include <stdio.h>    /* fputs */
#include <stdlib.h>   /* malloc, free */
#include <string.h>   /* strcmp, strerror */
#include <sys/mman.h> /* mmap */
#include <sys/stat.h> /* fstat */
#include <unistd.h>   /* read */

#include "cli/cli.h"          /* message, usage_error, finish_stdout */
#include "cli/state_report.h" /* state_show_text */
#include "state/state.h"      /* state_read */

enum action { ACTION_SHOW, ACTION_LIST, ACTION_CONVERT, ACTION_DISTANCE, N_ACTIONS };

static const char *const action_names[N_ACTIONS] = {"show", "list", "convert", "distance"};
static const int n_files_of[N_ACTIONS] = {1, 1, 1, 2};

struct state_options {
    enum action action;
    bool json, has_max, has_target;
    uint64_t max_words;
    const char *members[2], *output; /* of the first and the second file */
    int n_members;
    enum state_target target;
    const char *paths[2];
};

static const char help_text[] =
    "usage: oneseed state show [--json] [--member NAME] [--max WORDS] FILE\n"
    "       oneseed state list [--json] FILE\n"
    "       oneseed state convert --to FORM [--member NAME] [-o OUT] FILE\n"
    "       oneseed state distance [--json] [--member NAME] [--max WORDS] FILE_A FILE_B\n"
    "\n"
    "Reads the state of a random generator: Python's, NumPy's or torch's, as a pickle, JSON, text, .npy, .npz, "
    "torch.save's\n"
    "file or torch's bytes. Nothing of a pickle is run: what is no plain data is refused. `-` is the standard input.\n"
    "\n"
    "  show           engine, seed, words drawn, what is cached, and the next values\n"
    "  list           every state of a checkpoint: its name for --member, the engine, the seed\n"
    "  convert        writes it as FORM: python, numpy, numpy-generator, torch, json, c, cxx\n"
    "  distance       how many words FILE_A must draw to be where FILE_B is; negative: FILE_B is behind\n"
    "\n"
    "  --to FORM      what convert writes\n"
    "  -o, --output OUT\n"
    "                 where convert writes it: default standard output\n"
    "  --member NAME  which state, when a file holds several; distance: given twice, one for each file ('': it is one "
    "alone)\n"
    "  --max WORDS    show: how far back a seed is looked for (default 20 million); distance: how far is searched "
    "where\n"
    "                 there is no closed form (default 10^12; SFC64 10^9)\n"
    "  --json         one JSON document, and nothing else on stdout\n"
    "  --help         print this\n"
    "\n"
    "The exit status is 0 when it is done, 1 when the states are not on one sequence or no distance was found, 2 when "
    "a state\n"
    "could not be read or written.\n";

enum { OPTION_JSON = 256, OPTION_TO, OPTION_MEMBER, OPTION_MAX, OPTION_HELP };

static const struct option long_options[] = {
    {"json", no_argument, NULL, OPTION_JSON},
    {"to", required_argument, NULL, OPTION_TO},
    {"output", required_argument, NULL, 'o'},
    {"member", required_argument, NULL, OPTION_MEMBER},
    {"max", required_argument, NULL, OPTION_MAX},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static bool parse_words(const char *text, uint64_t *out)
{
    char *end;
    errno = 0;
    unsigned long long words = strtoull(text, &end, 10);
    *out = words;
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && words <= (uint64_t)1 << 62;
}

static bool parse_target(const char *text, enum state_target *out)
{
    for (int i = 0; i < N_TARGETS; i++) {
        if (strcmp(text, state_target_names[i]) == 0) {
            *out = (enum state_target)i;
            return true;
        }
    }
    return false;
}

/* 0 = go on, 1 = --help was answered, -1 = bad usage, said on stderr. */
static int parse_options(int argc, char **argv, struct state_options *options)
{
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":o:", long_options, NULL)) != -1;) {
        switch (option) {
        case OPTION_JSON:
            options->json = true;
            break;
        case OPTION_TO:
            if (!parse_target(optarg, &options->target)) {
                usage_error("state", "--to %s: not one of python, numpy, numpy-generator, torch, json, c, cxx", optarg);
                return -1;
            }
            options->has_target = true;
            break;
        case 'o':
            options->output = optarg;
            break;
        case OPTION_MEMBER:
            if (options->n_members == 2) {
                usage_error("state", "--member %s: given three times", optarg);
                return -1;
            }
            options->members[options->n_members++] = optarg;
            break;
        case OPTION_MAX:
            if (!parse_words(optarg, &options->max_words)) {
                usage_error("state", "--max %s: not a number of words, at most 2^62", optarg);
                return -1;
            }
            options->has_max = true;
            break;
        case OPTION_HELP:
            fputs(help_text, stdout);
            return 1;
        case ':':
            usage_error("state", "%s: it needs a value", argv[optind - 1]);
            return -1;
        default:
            usage_error("state", "%s: unknown option, or one that takes no value", argv[optind - 1]);
            return -1;
        }
    }
    return 0;
}

/* False: bad usage, said on stderr. */
static bool validate(int argc, char **argv, struct state_options *options)
{
    int action = 0, n_files = argc - optind - 1;
    if (optind == argc) {
        usage_error("state", "show, list, convert or distance: none given");
        return false;
    }
    while (action < N_ACTIONS && strcmp(argv[optind], action_names[action]) != 0)
        action++;
    if (action == N_ACTIONS) {
        usage_error("state", "%s: not one of show, list, convert, distance", argv[optind]);
        return false;
    }
    const char *name = action_names[action], *wrong = NULL;
    options->action = (enum action)action;
    if (n_files != n_files_of[action]) {
        usage_error("state", "%s: it takes %s: %d given", name, n_files_of[action] == 1 ? "one file" : "two files",
                    n_files);
        return false;
    }
    if (action == ACTION_CONVERT && !options->has_target)
        wrong = "--to is missing";
    else if (action != ACTION_CONVERT && (options->has_target || options->output))
        wrong = "it takes neither --to nor --output";
    else if (action == ACTION_CONVERT && (options->json || options->has_max))
        wrong = "it takes neither --json nor --max; --to json writes JSON";
    else if (action != ACTION_DISTANCE && options->n_members > 1)
        wrong = "it takes one --member";
    else if (action == ACTION_LIST && (options->n_members > 0 || options->has_max))
        wrong = "it takes neither --member nor --max";
    if (wrong) {
        usage_error("state", "%s: %s", name, wrong);
        return false;
    }
    options->paths[0] = argv[optind + 1];
    options->paths[1] = argv[optind + n_files];
    return true;
}

/* --- Files -------------------------------------------------------------------------------------------------------- */

static bool read_bytes(int fd, uint8_t *bytes, size_t capacity, size_t *n_out)
{
    for (*n_out = 0; *n_out < capacity;) {
        ssize_t n = read(fd, bytes + *n_out, capacity - *n_out);
        if (n == 0)
            return true;
        if (n < 0 && errno != EINTR)
            return false;
        *n_out += n > 0 ? (size_t)n : 0;
    }
    return true;
}

struct file {
    const char *name;
    uint8_t *bytes;
    size_t n, n_mapped;
};

/* Only checkpoints are larger than states, and of those little is looked at. */
static bool map_checkpoint(int fd, size_t n, struct file *file)
{
    void *bytes = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED) {
        message("%s: %s", file->name, strerror(errno));
        return false;
    }
    file->bytes = bytes;
    file->n = file->n_mapped = n;
    if (state_is_checkpoint(bytes, n))
        return true;
    message("%s: larger than %d MiB: no state is", file->name, STATE_MAX_FILE_NBYTES >> 20);
    (void)munmap(bytes, n);
    return false;
}

static bool read_whole(int fd, struct file *file)
{
    file->bytes = malloc(STATE_MAX_FILE_NBYTES + 1);
    bool ok = file->bytes && read_bytes(fd, file->bytes, STATE_MAX_FILE_NBYTES + 1, &file->n);
    if (!file->bytes)
        message("%s: no memory", file->name);
    else if (!ok)
        message("%s: %s", file->name, strerror(errno));
    else if (file->n > STATE_MAX_FILE_NBYTES) {
        message("%s: larger than %d MiB: no state is", file->name, STATE_MAX_FILE_NBYTES >> 20);
        ok = false;
    }
    if (!ok)
        free(file->bytes);
    return ok;
}

/* False: said on stderr. */
static bool open_file(const char *path, struct file *file)
{
    struct stat about;
    bool is_stdin = strcmp(path, "-") == 0;
    *file = (struct file){.name = is_stdin ? "standard input" : path};
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        message("%s: %s", file->name, strerror(errno));
        return false;
    }
    bool is_large = fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > STATE_MAX_FILE_NBYTES;
    bool ok = is_large ? map_checkpoint(fd, (size_t)about.st_size, file) : read_whole(fd, file);
    if (!is_stdin)
        close(fd);
    return ok;
}

static void close_file(struct file *file)
{
    if (file->n_mapped > 0)
        (void)munmap(file->bytes, file->n_mapped);
    else
        free(file->bytes);
}

/* False: said on stderr. */
static bool load(const char *path, const char *member, struct state *state)
{
    char error[STATE_ERROR_NBYTES];
    struct file file;
    if (!open_file(path, &file))
        return false;
    if (member != NULL && *member == '\0') /* of a file that is one state alone */
        member = NULL;
    bool ok = state_read(file.bytes, file.n, member, state, error);
    if (!ok)
        message("%s: %s", file.name, error);
    close_file(&file);
    return ok;
}

static bool write_file(const char *path, const uint8_t *bytes, size_t n)
{
    FILE *file = fopen(path, "wbe");
    bool ok = file && fwrite(bytes, 1, n, file) == n;
    if (file && fclose(file) != 0)
        ok = false;
    if (!ok)
        message("%s: %s", path, strerror(errno));
    return ok;
}

/* --- Actions ------------------------------------------------------------------------------------------------------ */

static int show(const struct state_options *options)
{
    struct state state;
    if (!load(options->paths[0], options->members[0], &state))
        return CLI_UNDECIDED;
    struct state_seed seed = {.kind = SEED_UNKNOWN};
    uint64_t max_words = options->has_max ? options->max_words : STATE_SEED_WORDS;
    if (state.source != STATE_TORCH_CUDA && state.generator.kind == ONESEED_NUMPY_MT19937)
        state_find_seed(&state.generator.engine.mt19937, max_words, &seed);
    bool ok = options->json ? state_show_json(&state, &seed) : state_show_text(&state, &seed, max_words);
    if (!ok)
        message("the answer: no memory");
    return ok ? CLI_SAME : CLI_UNDECIDED;
}

static int list(const struct state_options *options)
{
    char error[STATE_ERROR_NBYTES];
    struct file file;
    if (!open_file(options->paths[0], &file))
        return CLI_UNDECIDED;
    struct state_list answer;
    state_list_begin(&answer, options->json);
    bool ok = state_visit_all(file.bytes, file.n, state_list_add, &answer, error);
    if (!ok)
        message("%s: %s", file.name, error);
    close_file(&file);
    if (!state_list_end(&answer, ok)) {
        message("the answer: no memory");
        return CLI_UNDECIDED;
    }
    return ok ? CLI_SAME : CLI_UNDECIDED;
}

static int convert(const struct state_options *options)
{
    struct state state;
    uint8_t *bytes;
    size_t n;
    char losses[STATE_ERROR_NBYTES];
    if (!load(options->paths[0], options->members[0], &state))
        return CLI_UNDECIDED;
    if (!state_write(&state, options->target, &bytes, &n, losses)) {
        message("%s: %s", options->paths[0], losses);
        return CLI_UNDECIDED;
    }
    bool ok = true;
    if (options->output && strcmp(options->output, "-") != 0)
        ok = write_file(options->output, bytes, n);
    else
        (void)fwrite(bytes, 1, n, stdout);
    free(bytes);
    for (char *line = losses, *end; ok && *line != '\0'; line = end) {
        end = strchrnul(line, '\n');
        message("%s: %.*s", options->paths[0], (int)(end - line), line);
        end += *end == '\n';
    }
    return ok ? CLI_SAME : CLI_UNDECIDED;
}

static uint64_t bits_of(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

/* What is beside the words and differs: said, as the answer is about words alone. */
static void say_what_else_differs(const struct state *a, const struct state *b)
{
    const oneseed_numpy *first = &a->generator, *second = &b->generator;
    if (a->source == STATE_TORCH_CUDA || b->source == STATE_TORCH_CUDA)
        return;
    if (first->has_gauss != second->has_gauss || (first->has_gauss && bits_of(first->gauss) != bits_of(second->gauss)))
        message("the words agree, but the cached normals differ");
    if (first->has_uint32 != second->has_uint32 || (first->has_uint32 && first->uinteger != second->uinteger))
        message("the words agree, but the half words that wait for a 32-bit draw differ");
}

/* SFC64 is drawn word by word, MT19937 takes giant steps: about a second each. */
static const uint64_t MAX_DRAWN = 1000000000, MAX_SEARCHED = 1000000000000;

static int distance(const struct state_options *options)
{
    struct state a, b;
    struct state_distance found;
    if (!load(options->paths[0], options->members[0], &a) ||
        !load(options->paths[1], options->members[options->n_members > 1], &b))
        return CLI_UNDECIDED;
    bool is_drawn = a.source != STATE_TORCH_CUDA && a.generator.kind == ONESEED_NUMPY_SFC64;
    uint64_t max_words = options->has_max ? options->max_words : is_drawn ? MAX_DRAWN : MAX_SEARCHED;
    if (!state_distance(&a, &b, max_words, &found)) {
        message("the distance: no memory");
        return CLI_UNDECIDED;
    }
    if (options->json)
        state_distance_json(&a, &found, max_words);
    else
        state_distance_text(&found, max_words);
    if (found.kind == DISTANCE_FOUND && !options->json)
        say_what_else_differs(&a, &b);
    return found.kind == DISTANCE_FOUND ? CLI_SAME : CLI_DIFFERENT;
}

int cmd_state(int argc, char **argv)
{
    struct state_options options = {.json = false};
    int parsed = parse_options(argc, argv, &options);
    if (parsed != 0)
        return parsed < 0 ? CLI_UNDECIDED : finish_stdout(CLI_SAME);
    if (!validate(argc, argv, &options))
        return CLI_UNDECIDED;
    static int (*const actions[N_ACTIONS])(const struct state_options *) = {show, list, convert, distance};
    return finish_stdout(actions[options.action](&options));
}
