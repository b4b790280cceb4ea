/* cmd_draw.c - `oneseed draw`: the frameworks' own lines in, what their prompt would print out.
 * SPDX-License-Identifier: MIT */
#include <errno.h>   /* errno */
#include <getopt.h>  /* getopt_long */
#include <stdio.h>   /* fwrite */
#include <stdlib.h>  /* strtoul */
#include <string.h>  /* strcmp, strerror */
#include <strings.h> /* strcasecmp */
#include <time.h>    /* clock_gettime */
#include <unistd.h>  /* STDOUT_FILENO */

#include "cli/cli.h"      /* message, usage_error, finish_stdout */
#include "cli/progress.h" /* progress_show */
#include "draw/draw.h"    /* draw_run */
#include "oneseed.h"      /* ONESEED_TORCH_CPU_AVX2 */

struct draw_options {
    struct draw_settings settings;
    const char *text, *input_path, *output_path;
    bool no_progress;
};

static const char help_text[] =
    "usage: oneseed draw [OPTION]... 'LINES'\n"
    "       oneseed draw [OPTION]... -f FILE\n"
    "\n"
    "Runs lines of Python that draw random numbers with random, numpy.random, torch, tensorflow, jax or keras, and "
    "prints\n"
    "what the prompt would print, bit for bit. No Python is needed. Statements are separated by newlines or `;`.\n"
    "\n"
    "  -f, --file FILE      read the lines from FILE (- is standard input); prompts of a pasted session are taken off\n"
    "  -o, --output FILE    write the answer to FILE, not to standard output\n"
    "  --format FORMAT      text (default): as the prompt; json, csv, npy, raw, hex: the value of the last expression\n"
    "  --with LIST          python=3.9 to 3.15, numpy=1.19 to 2.5, hashseed=N (PYTHONHASHSEED), blas=fma,\n"
    "                       torch=1.13 to 2.14, cpu=default, avx2 or avx512 (ATen's kernels; ATEN_CPU_CAPABILITY),\n"
    "                       mkl=1 or 0 (a torch before 2.7 with or without MKL),\n"
    "                       gpu=h100-sxm or gpu=sms:132/threads:2048 (for device='cuda'), separated by commas;\n"
    "                       jax=0.4.24 to 0.10, keras=3.0 to 3.15, backend=tensorflow, jax, torch or numpy (Keras's;\n"
    "                       KERAS_BACKEND); without it python=3.14, numpy=2.4, torch=2.13, jax=0.10, keras=3.15,\n"
    "                       backend=tensorflow\n"
    "  --jobs JOBS          draw large arrays on so many threads (1 by default, 256 at most): the same bits\n"
    "  --explain            say on stderr: each generator's engine, how many words were drawn, and its state "
    "afterwards\n"
    "  --no-progress        no line that shows how far a long draw is\n"
    "  --help               print this\n"
    "\n"
    "  oneseed draw 'np.random.seed(17); np.random.randn(3)'\n"
    "  oneseed draw --format raw 'np.random.default_rng(1).random(10**10)' | wc -c\n"
    "\n"
    "The exit status is 0, or 2 when something is not supported, refused, or cannot be read or written.\n";

enum { OPTION_FORMAT = 256, OPTION_WITH, OPTION_JOBS, OPTION_EXPLAIN, OPTION_NO_PROGRESS, OPTION_HELP };

static const struct option long_options[] = {
    {"file", required_argument, NULL, 'f'},
    {"output", required_argument, NULL, 'o'},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"with", required_argument, NULL, OPTION_WITH},
    {"jobs", required_argument, NULL, OPTION_JOBS},
    {"explain", no_argument, NULL, OPTION_EXPLAIN},
    {"no-progress", no_argument, NULL, OPTION_NO_PROGRESS},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

/* --- Options --------------------------------------------------------------------------------------------------------- */

static bool parse_format(const char *text, draw_format *out)
{
    static const char *const names[] = {"text", "json", "csv", "npy", "raw", "hex"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(text, names[i]) == 0) {
            *out = (draw_format)i;
            return true;
        }
    usage_error("draw", "--format %s: not one of text, json, csv, npy, raw, hex", text);
    return false;
}

/* "2.4.1" as three numbers; what is not there is 0. */
static bool parse_version(const char *text, unsigned parts[3])
{
    parts[0] = parts[1] = parts[2] = 0;
    for (int i = 0; i < 3; i++) {
        char *end;
        if (*text < '0' || *text > '9')
            return false;
        unsigned long part = strtoul(text, &end, 10);
        if (part > 99 || end - text > 2)
            return false;
        parts[i] = (unsigned)part;
        if (*end == '\0')
            return i > 0;
        if (*end != '.')
            return false;
        text = end + 1;
    }
    return false;
}

static uint32_t cpu_capability(const char *text)
{
    return strcasecmp(text, "default") == 0  ? ONESEED_TORCH_CPU_DEFAULT
           : strcasecmp(text, "avx2") == 0   ? ONESEED_TORCH_CPU_AVX2
           : strcasecmp(text, "avx512") == 0 ? ONESEED_TORCH_CPU_AVX512
                                             : ONESEED_TORCH_CPU_HERE;
}

/* A GPU's name, or sms:132/threads:2048. */
static bool parse_gpu(const char *text, struct draw_settings *settings)
{
    const oneseed_gpu *gpu = oneseed_gpu_find(text);
    unsigned n_sms = 0, n_threads = 0;
    int n_read = 0;
    if (gpu != NULL) {
        settings->gpu_sms = gpu->n_sms;
        settings->gpu_threads = gpu->threads_per_sm;
        return true;
    }
    if (sscanf(text, "sms:%5u/threads:%5u%n", &n_sms, &n_threads, &n_read) == 2 && text[n_read] == '\0' && n_sms > 0 &&
        n_threads >= 256) {
        settings->gpu_sms = n_sms;
        settings->gpu_threads = n_threads;
        return true;
    }
    usage_error(
        "draw",
        "--with gpu=%s: no known GPU (h100-sxm, a100, …: oneseed(3), docs/torch.md), and not sms:132/threads:2048",
        text);
    return false;
}

/* Keras's. */
static bool parse_backend(const char *text, struct draw_settings *settings)
{
    static const char *const names[] = {[ONESEED_KERAS_TENSORFLOW] = "tensorflow",
                                        [ONESEED_KERAS_JAX] = "jax",
                                        [ONESEED_KERAS_TORCH] = "torch",
                                        [ONESEED_KERAS_NUMPY] = "numpy"};
    for (uint32_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(text, names[i]) == 0) {
            settings->keras_backend = i;
            return true;
        }
    usage_error("draw", "backend=%s (of --with, or KERAS_BACKEND): not one of tensorflow, jax, torch, numpy", text);
    return false;
}

static bool parse_with_one(const char *name, const char *value, struct draw_settings *settings)
{
    unsigned v[3];
    if (strcmp(name, "python") == 0) {
        if (parse_version(value, v) && v[0] == 3 && v[1] >= 9 && v[1] <= 15) {
            settings->python_version = 100 * v[0] + v[1];
            return true;
        }
        usage_error("draw", "--with python=%s: not a version from 3.9 to 3.15", value);
        return false;
    }
    if (strcmp(name, "numpy") == 0) {
        uint32_t version = parse_version(value, v) ? 10000 * v[0] + 100 * v[1] + v[2] : 0;
        if (version >= 11900 && version < 20600 && (version < 12700 || version >= 20000)) {
            settings->numpy_version = version;
            return true;
        }
        usage_error("draw", "--with numpy=%s: not a version from 1.19 to 2.5", value);
        return false;
    }
    if (strcmp(name, "hashseed") == 0) {
        char *end = NULL;
        errno = 0;
        unsigned long seed = *value >= '0' && *value <= '9' ? strtoul(value, &end, 10) : 0;
        if (end != NULL && *end == '\0' && errno == 0 && seed <= UINT32_MAX) {
            settings->has_hash_seed = true;
            settings->hash_seed = (uint32_t)seed;
            return true;
        }
        usage_error("draw", "--with hashseed=%s: not a number from 0 to 4294967295", value);
        return false;
    }
    if (strcmp(name, "blas") == 0) {
        settings->has_fma_products = strcmp(value, "fma") == 0;
        if (!settings->has_fma_products)
            usage_error("draw", "--with blas=%s: only blas=fma is known", value);
        return settings->has_fma_products;
    }
    if (strcmp(name, "torch") == 0) {
        uint32_t version = parse_version(value, v) ? 10000 * v[0] + 100 * v[1] + v[2] : 0;
        if (version >= 11300 && version < 21500 && (version < 11400 || version >= 20000)) {
            settings->torch_version = version;
            return true;
        }
        usage_error("draw", "--with torch=%s: not a version from 1.13 to 2.14", value);
        return false;
    }
    if (strcmp(name, "jax") == 0) {
        uint32_t version = parse_version(value, v) && v[0] == 0 ? 100 * v[1] + v[2] : 0;
        if (version >= 424 && version < 1100 && (version < 440 || version >= 500)) {
            settings->jax_version = version;
            return true;
        }
        usage_error("draw", "--with jax=%s: not a version from 0.4.24 to 0.10", value);
        return false;
    }
    if (strcmp(name, "keras") == 0) {
        uint32_t version = parse_version(value, v) ? 10000 * v[0] + 100 * v[1] + v[2] : 0;
        if (version >= 30000 && version < 31600) {
            settings->keras_version = version;
            return true;
        }
        usage_error("draw", "--with keras=%s: not a version from 3.0 to 3.15", value);
        return false;
    }
    if (strcmp(name, "backend") == 0)
        return parse_backend(value, settings);
    if (strcmp(name, "cpu") == 0) {
        settings->torch_cpu = cpu_capability(value);
        if (settings->torch_cpu == ONESEED_TORCH_CPU_HERE)
            usage_error("draw", "--with cpu=%s: not one of default, avx2, avx512", value);
        return settings->torch_cpu != ONESEED_TORCH_CPU_HERE;
    }
    if (strcmp(name, "mkl") == 0) {
        bool known = strcmp(value, "1") == 0 || strcmp(value, "0") == 0;
        settings->torch_has_mkl = *value == '1';
        if (!known)
            usage_error("draw", "--with mkl=%s: not 0 or 1", value);
        return known;
    }
    if (strcmp(name, "gpu") == 0)
        return parse_gpu(value, settings);
    usage_error("draw",
                "--with %s: not one of python, numpy, hashseed, blas, torch, cpu, mkl, gpu, jax, keras, backend", name);
    return false;
}

static bool parse_with(const char *text, struct draw_settings *settings)
{
    char item[64];
    while (*text != '\0') {
        size_t n = strcspn(text, ",");
        if (n == 0 || n >= sizeof item) {
            usage_error("draw", "--with %s: expected NAME=VALUE", text);
            return false;
        }
        memcpy(item, text, n);
        item[n] = '\0';
        char *equals = strchr(item, '=');
        if (equals == NULL) {
            usage_error("draw", "--with %s: expected NAME=VALUE", item);
            return false;
        }
        *equals = '\0';
        if (!parse_with_one(item, equals + 1, settings))
            return false;
        text += n;
        text += *text == ',';
    }
    return true;
}

static bool parse_jobs(const char *text, size_t *out)
{
    char *end = NULL;
    unsigned long n = *text >= '0' && *text <= '9' ? strtoul(text, &end, 10) : 0;
    if (end == NULL || *end != '\0' || n < 1 || n > 256) {
        usage_error("draw", "--jobs %s: not a number from 1 to 256", text);
        return false;
    }
    *out = n;
    return true;
}

static bool parse_lines(int argc, char **argv, struct draw_options *options)
{
    int n = argc - optind;
    if (options->input_path != NULL && n > 0) {
        usage_error("draw", "lines and -f are given: only one of them can be");
        return false;
    }
    if (options->input_path == NULL && n != 1) {
        usage_error("draw", n == 0 ? "no lines given" : "the lines are one argument: put them in quotes");
        return false;
    }
    options->text = argv[optind];
    return true;
}

/* 0 = go on, 1 = --help was answered, -1 = bad usage, said on stderr. */
static int parse(int argc, char **argv, struct draw_options *options)
{
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":f:o:", long_options, NULL)) != -1;) {
        switch (option) {
        case 'f':
            options->input_path = optarg;
            break;
        case 'o':
            options->output_path = optarg;
            break;
        case OPTION_FORMAT:
            if (!parse_format(optarg, &options->settings.format))
                return -1;
            break;
        case OPTION_WITH:
            if (!parse_with(optarg, &options->settings))
                return -1;
            break;
        case OPTION_JOBS:
            if (!parse_jobs(optarg, &options->settings.n_jobs))
                return -1;
            break;
        case OPTION_EXPLAIN:
            options->settings.explain = true;
            break;
        case OPTION_NO_PROGRESS:
            options->no_progress = true;
            break;
        case OPTION_HELP:
            fputs(help_text, stdout);
            return 1;
        case ':':
            usage_error("draw", "%s: it needs a value", argv[optind - 1]);
            return -1;
        default:
            usage_error("draw", "%s: unknown option, or one that takes no value", argv[optind - 1]);
            return -1;
        }
    }
    return parse_lines(argc, argv, options) ? 0 : -1;
}

/* --- Input ----------------------------------------------------------------------------------------------------------- */

enum { MAX_INPUT_NBYTES = 16 << 20 };

/* The whole file; NULL when it cannot be read, said on stderr. */
static char *read_input(const char *path, size_t *nbytes_out)
{
    bool is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "rb");
    char *text = file != NULL ? malloc(MAX_INPUT_NBYTES + 1) : NULL;
    if (text == NULL) {
        message("%s: %s", path, strerror(errno));
        if (file != NULL && !is_stdin)
            fclose(file);
        return NULL;
    }
    size_t n = fread(text, 1, MAX_INPUT_NBYTES + 1, file);
    bool failed = ferror(file) != 0;
    int error = errno;
    if (!is_stdin)
        fclose(file);
    if (failed || n > MAX_INPUT_NBYTES) {
        message("%s: %s", path, failed ? strerror(error) : "more than 16 MiB of lines");
        free(text);
        return NULL;
    }
    *nbytes_out = n;
    return text;
}

/* --- Output ---------------------------------------------------------------------------------------------------------- */

struct output {
    const char *path; /* NULL: standard output */
    FILE *file;       /* of the path; opened by the first write, so that lines that fail leave an old file alone */
    int error;
    struct progress progress;
    struct timespec begun, shown;
};

static bool open_output(struct output *output)
{
    if (output->path != NULL && output->file == NULL)
        output->file = fopen(output->path, "wb");
    if (output->path != NULL && output->file == NULL)
        output->error = errno;
    return output->path == NULL || output->file != NULL;
}

static bool write_output(void *context, const char *bytes, size_t nbytes)
{
    struct output *output = context;
    if (!open_output(output))
        return false;
    if (output->path == NULL && isatty(STDOUT_FILENO) == 1)
        progress_erase(&output->progress);
    if (fwrite(bytes, 1, nbytes, output->file != NULL ? output->file : stdout) == nbytes)
        return true;
    output->error = errno;
    return false;
}

static void write_aside(void *context, const char *bytes, size_t nbytes)
{
    struct output *output = context;
    progress_erase(&output->progress);
    (void)fwrite(bytes, 1, nbytes, stderr);
}

static double seconds_since(const struct timespec *then, const struct timespec *now)
{
    return (double)(now->tv_sec - then->tv_sec) + 1e-9 * (double)(now->tv_nsec - then->tv_nsec);
}

/* After a second, five times a second. */
static void show_progress(void *context, uint64_t done, uint64_t total)
{
    struct output *output = context;
    struct timespec now;
    if (!output->progress.enabled || clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return;
    double elapsed = seconds_since(&output->begun, &now);
    if (elapsed < 1 || seconds_since(&output->shown, &now) < 0.2)
        return;
    output->shown = now;
    double rate = (double)done / elapsed, left = rate > 0 ? (double)(total - done) / rate : 0;
    progress_show(&output->progress, "draw: %.1f%% of %.4g values, %.0f million a second, %.0f s left",
                  100 * (double)done / (double)total, (double)total, rate / 1e6, left);
}

/* Closes a file of -o; false when what was written is not there. */
static bool close_output(struct output *output)
{
    if (output->file == NULL)
        return true;
    bool failed = ferror(output->file) != 0;
    if (fclose(output->file) != 0 && !failed) {
        output->error = errno;
        failed = true;
    }
    return !failed;
}

/* A quarter of the machine's memory, but not more than 16 GiB. */
static size_t memory_limit(void)
{
    long n_pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGE_SIZE);
    size_t most = (size_t)16 << 30, quarter = n_pages > 0 && page > 0 ? (size_t)n_pages / 4 * (size_t)page : most;
    return quarter < most ? quarter : most;
}

static int run(struct draw_options *options, const char *text, size_t nbytes)
{
    struct output output = {.path = options->output_path};
    char error[1024];
    progress_init(&output.progress, !options->no_progress);
    (void)clock_gettime(CLOCK_MONOTONIC, &output.begun);
    output.shown = output.begun;
    options->settings.max_nbytes = memory_limit();
    options->settings.write = write_output;
    options->settings.aside = write_aside;
    options->settings.progress = show_progress;
    options->settings.context = &output;
    draw_result result = draw_run(&options->settings, text, nbytes, error, sizeof error);
    progress_erase(&output.progress);
    /* An answer of no bytes is a file, too. */
    if (result == DRAW_DONE && !open_output(&output))
        result = DRAW_NOT_WRITTEN;
    bool closed = close_output(&output);
    if (result == DRAW_FAILED) {
        (void)fflush(stdout); /* what was printed comes before the error */
        message("draw: %s", error);
    } else if (result == DRAW_NOT_WRITTEN || !closed) {
        message("%s: %s", options->output_path != NULL ? options->output_path : "stdout",
                output.error != 0 ? strerror(output.error) : "a write failed");
        return CLI_UNDECIDED;
    }
    return finish_stdout(result == DRAW_DONE ? CLI_SAME : CLI_UNDECIDED);
}

int cmd_draw(int argc, char **argv)
{
    struct draw_options options = {.text = NULL};
    const char *capability =
        getenv("ATEN_CPU_CAPABILITY"); /* torch, too, goes on without it when the word is none it knows */
    options.settings.torch_cpu = cpu_capability(capability != NULL ? capability : "");
    options.settings.torch_has_mkl = 1; /* as in the wheels */
    const char *backend = getenv("KERAS_BACKEND");
    if (backend != NULL && !parse_backend(backend, &options.settings))
        return CLI_UNDECIDED;
    int parsed = parse(argc, argv, &options);
    if (parsed != 0)
        return parsed < 0 ? CLI_UNDECIDED : finish_stdout(CLI_SAME);
    if (options.input_path == NULL)
        return run(&options, options.text, strlen(options.text));
    size_t nbytes = 0;
    char *text = read_input(options.input_path, &nbytes);
    if (text == NULL)
        return CLI_UNDECIDED;
    options.settings.is_script = true;
    int status = run(&options, text, nbytes);
    free(text);
    return status;
}
