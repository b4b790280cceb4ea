/* fingerprint.c - what a scan's results depend on besides the seed: the command's files and its environment, as texts that can be compared.
 * SPDX-License-Identifier: MIT */
#include "scan/fingerprint.h"

#include <fcntl.h>    /* open */
#include <ftw.h>      /* nftw */
#include <inttypes.h> /* PRIx64 */
#include <stdio.h>    /* snprintf */
#include <stdlib.h>   /* getenv */
#include <string.h>   /* strrchr */
#include <sys/stat.h> /* stat */
#include <unistd.h>   /* read */

#include <jansson.h> /* json_object */

#include "common/array.h"  /* text_format */
#include "common/digest.h" /* digest_state */
#include "launch/launch.h" /* launch_run */
#include "scan/metric.h"   /* metric_file */

enum { FILES_MOST = 5000, NAMED_NBYTES_MOST = 1 << 28 };

/* ---- files ---- */

static bool is_python(const char *word)
{
    const char *name = strrchr(word, '/');
    return strncmp(name ? name + 1 : word, "python", 6) == 0;
}

static bool is_module(const char *name)
{
    size_t n = strlen(name);
    return n > 3 && strcmp(name + n - 3, ".py") == 0;
}

/* A large file counts by its size and time: to read gigabytes of data before each scan would cost more than it tells. */
static void add_file(json_t *files, const char *name, const struct stat *status)
{
    uint64_t digest[2];
    char text[64];
    size_t n;
    if (status->st_size > NAMED_NBYTES_MOST) {
        snprintf(text, sizeof text, "%lld bytes of %lld", (long long)status->st_size,
                 (long long)status->st_mtim.tv_sec);
    } else {
        char *content = metric_file(name, &n);
        if (!content)
            return;
        digest128(content, n, digest);
        free(content);
        snprintf(text, sizeof text, "%016" PRIx64 "%016" PRIx64, digest[1], digest[0]);
    }
    json_object_set_new(files, name, json_string(text));
}

/* nftw() hands nothing through. */
static json_t *walked;

static int visit(const char *path, const struct stat *status, int type, struct FTW *place)
{
    const char *name = path + place->base;
    if (type == FTW_D && place->level > 0) {
        char *environment = text_format("%s/pyvenv.cfg", path);
        bool skip = name[0] == '.' || strcmp(name, "__pycache__") == 0 || strcmp(name, "site-packages") == 0 ||
                    strcmp(name, "node_modules") == 0 || access(environment, F_OK) == 0;
        free(environment);
        return skip ? FTW_SKIP_SUBTREE : FTW_CONTINUE;
    }
    if (type == FTW_F && is_module(name))
        add_file(walked, strncmp(path, "./", 2) == 0 ? path + 2 : path, status);
    return json_object_size(walked) < FILES_MOST ? FTW_CONTINUE : FTW_STOP;
}

static void add_modules(json_t *files, const char *script)
{
    const char *slash = strrchr(script, '/');
    char *folder = slash ? text_format("%.*s", (int)(slash - script + 1), script) : text_copy(".");
    walked = files;
    nftw(folder, visit, 16, FTW_PHYS | FTW_ACTIONRETVAL);
    free(folder);
}

char *fingerprint_files(char *const *argv)
{
    json_t *files = json_object();
    struct stat status;
    for (char *const *word = argv + 1; argv[0] && *word; word++) {
        if (stat(*word, &status) != 0 || !S_ISREG(status.st_mode))
            continue;
        add_file(files, *word, &status);
        if (is_python(argv[0]) && is_module(*word))
            add_modules(files, *word);
    }
    if (argv[0] && strchr(argv[0], '/') && !is_python(argv[0]) && stat(argv[0], &status) == 0 &&
        S_ISREG(status.st_mode))
        add_file(files, argv[0], &status);
    char *text = json_dumps(files, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(files);
    return text;
}

/* ---- environment ---- */

static const char list_packages[] = "import sys, json\n"
                                    "found = {'python': sys.version.split()[0]}\n"
                                    "try:\n"
                                    "    from importlib import metadata\n"
                                    "    for one in metadata.distributions():\n"
                                    "        name = one.metadata['Name']\n"
                                    "        if name:\n"
                                    "            found.setdefault(name.lower(), one.version)\n"
                                    "except Exception as error:\n"
                                    "    found['packages'] = repr(error)\n"
                                    "print(json.dumps(found))\n";

static json_t *python_packages(const char *python)
{
    struct launch_result result;
    char error[256], *argv[] = {(char *)python, "-c", (char *)list_packages, NULL};
    struct launch_session *session = launch_session_create(error, sizeof error);
    json_t *found = NULL;
    size_t n;
    if (!session)
        return NULL;
    char *out = text_format("%s/packages", launch_session_folder(session));
    struct launch_options launch = {
        .argv = argv, .level = LAUNCH_BARE, .controls = "", .stdout_path = out, .stdin_null = true, .timeout_s = 60};
    launch_run(session, &launch, &result);
    char *text = result.status == 0 ? metric_file(out, &n) : NULL;
    if (text)
        found = json_loads(text, 0, NULL);
    free(text);
    free(out);
    launch_result_clear(&result);
    launch_session_destroy(session);
    return json_is_object(found) ? found : NULL;
}

/* How many GPUs, not which: tasks of one scan are given different ones. */
static json_t *setting(const char *name, const char *value)
{
    size_t n = value[0] != '\0' && value[0] != '-';
    if (strcmp(name, "CUDA_VISIBLE_DEVICES") != 0)
        return json_string(value);
    for (const char *at = value; n > 0 && *at != '\0'; at++)
        n += *at == ',';
    return json_sprintf("%zu GPUs", n);
}

char *fingerprint_environment(char *const *argv)
{
    static const char *const variables[] = {"PYTHONPATH",
                                            "PYTHONHASHSEED",
                                            "PYTHONOPTIMIZE",
                                            "OMP_NUM_THREADS",
                                            "MKL_NUM_THREADS",
                                            "OPENBLAS_NUM_THREADS",
                                            "CUDA_VISIBLE_DEVICES",
                                            "CUBLAS_WORKSPACE_CONFIG",
                                            "TF_DETERMINISTIC_OPS",
                                            "TF_ENABLE_ONEDNN_OPTS",
                                            "XLA_FLAGS",
                                            "JAX_ENABLE_X64",
                                            "JAX_PLATFORMS",
                                            "ATEN_CPU_CAPABILITY",
                                            "MKL_CBWR",
                                            "KERAS_BACKEND",
                                            "LC_ALL",
                                            "LANG",
                                            "TZ",
                                            "ONEDNN_MAX_CPU_ISA"};
    json_t *environment = argv[0] && is_python(argv[0]) ? python_packages(argv[0]) : NULL;
    if (!environment)
        environment = json_object();
    for (size_t k = 0; k < sizeof variables / sizeof *variables; k++) {
        const char *value = getenv(variables[k]);
        if (value)
            json_object_set_new(environment, variables[k], setting(variables[k], value));
    }
    char *text = json_dumps(environment, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(environment);
    return text;
}

/* ---- differences ---- */

static void say(char **line, size_t *n, const char *text)
{
    if (++*n > 5)
        return;
    char *longer = text_format("%s%s%s", *line, *n > 1 ? ", " : "", text);
    free(*line);
    *line = longer;
}

static bool is_digest(const char *text)
{
    return strlen(text) == 32 && strspn(text, "0123456789abcdef") == 32;
}

char *fingerprint_difference(const char *before, const char *now, enum fingerprint_names names)
{
    json_t *a = json_loads(before ? before : "", 0, NULL), *b = json_loads(now ? now : "", 0, NULL), *value;
    char *line = text_copy("");
    const char *name;
    size_t n = 0;
    json_object_foreach(a, name, value)
    {
        const char *was = json_string_value(value), *is = json_string_value(json_object_get(b, name));
        if (!was || (is && strcmp(was, is) == 0) || (!is && names == FINGERPRINT_COMMON))
            continue;
        char *text = !is             ? text_format("%s is not there any more", name)
                     : is_digest(is) ? text_format("%s changed", name)
                                     : text_format("%s was %s, is %s", name, was, is);
        say(&line, &n, text);
        free(text);
    }
    json_object_foreach(b, name, value)
    {
        if (names != FINGERPRINT_ALL || json_object_get(a, name))
            continue;
        char *text = text_format("%s is new", name);
        say(&line, &n, text);
        free(text);
    }
    if (n > 5) {
        char *longer = text_format("%s and %zu more", line, n - 5);
        free(line);
        line = longer;
    }
    json_decref(a);
    json_decref(b);
    if (n > 0)
        return line;
    free(line);
    return NULL;
}

char *fingerprint_again(const char *before, bool elsewhere)
{
    json_t *was = json_loads(before ? before : "", 0, NULL), *is = json_object(), *value;
    const char *name;
    struct stat status;
    json_object_foreach(was, name, value)
    {
        if (stat(name, &status) == 0 && S_ISREG(status.st_mode))
            add_file(is, name, &status);
        else if (elsewhere && name[0] == '/')
            json_object_set(is, name, value);
    }
    char *text = json_dumps(is, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(was);
    json_decref(is);
    return text;
}

static bool is_named(char *const *argv, const char *name)
{
    for (; *argv; argv++)
        if (strcmp(*argv, name) == 0)
            return true;
    return false;
}

char *fingerprint_imported(const char *before, char *const *argv, const char *modules)
{
    json_t *was = json_loads(before ? before : "", 0, NULL), *is = json_object(), *value;
    char here[4096], *copy = text_copy(modules), *rest = NULL;
    const char *name;
    struct stat status;
    size_t n_here = getcwd(here, sizeof here) ? strlen(here) : 0;
    json_object_foreach(was, name, value)
    {
        if (!is_module(name) || is_named(argv, name))
            json_object_set(is, name, value);
    }
    for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        const char *path = line + 2; /* behind `@ ` */
        if (strncmp(line, "@ ", 2) != 0)
            continue;
        if (n_here > 0 && strncmp(path, here, n_here) == 0 && path[n_here] == '/')
            path += n_here + 1;
        if (stat(path, &status) == 0 && S_ISREG(status.st_mode) && json_object_size(is) < FILES_MOST)
            add_file(is, path, &status);
    }
    char *text = json_dumps(is, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(was);
    json_decref(is);
    free(copy);
    return text;
}

char *fingerprint_without_outputs(const char *before, const char *now)
{
    json_t *a = json_loads(before ? before : "", 0, NULL), *b = json_loads(now ? now : "", 0, NULL), *value;
    json_t *kept = json_object();
    const char *name;
    json_object_foreach(a, name, value)
    {
        if (is_module(name) || json_equal(value, json_object_get(b, name)))
            json_object_set(kept, name, value);
    }
    char *text = json_dumps(kept, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(a);
    json_decref(b);
    json_decref(kept);
    return text;
}
