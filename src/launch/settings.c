/* settings.c - the table of everything that a level or a control sets outside of oneseed itself.
 * SPDX-License-Identifier: MIT
 *
 * NumPy's own dispatch is not among the variables: NPY_DISABLE_CPU_FEATURES must name only features that this build of
 * NumPy dispatches (it raises for a feature of its baseline and warns for any other), and that is known only inside
 * Python. */
#include <inttypes.h> /* PRIu64 */
#include <stdio.h>    /* snprintf */
#include <stdlib.h>   /* strtoul */
#include <string.h>   /* strcspn, strncmp */

#include "launch/settings.h"

#define TORCH_RANDOMNESS "https://docs.pytorch.org/docs/stable/notes/randomness.html"
#define TF_DETERMINISM   "https://www.tensorflow.org/api_docs/python/tf/config/experimental/enable_op_determinism"
#define NVIDIA_DETERMINISM                                                                                             \
    "https://docs.nvidia.com/megatron-core/developer-guide/nightly/user-guide/deterministic-training.html"
#define OPENMP_SPEC         "https://www.openmp.org/spec-html/5.2/openmpch21.html"
#define MKL_GUIDE           "https://www.intel.com/content/www/us/en/docs/onemkl/developer-guide-linux/2025-1/"
#define ONEDNN_CPU          "https://oneapi-src.github.io/oneDNN/dev_guide_cpu_dispatcher_control.html"
#define OPENBLAS_README     "https://github.com/OpenMathLib/OpenBLAS/blob/develop/README.md"
#define GLIBC_TUNABLES_PAGE "https://sourceware.org/glibc/manual/latest/html_node/Memory-Allocation-Tunables.html"

#if defined(__x86_64__) || defined(__i386__)
/* The oldest kernels that every OpenBLAS build for many CPUs has (DYNAMIC_ARCH; older names fall back to something else). */
#define OPENBLAS_KERNELS "Nehalem"
#else
#define OPENBLAS_KERNELS "ARMV8"
#endif

#define ROW(name, value, level, control, or_control, means, separator, cost, source)                                   \
    {                                                                                                                  \
        name, value, level, control, or_control, means, separator, cost, source                                        \
    }
#define OP(name, value, cost, source) ROW(name, value, LAUNCH_PROCESS, "op", NULL, SETTING_VARIABLE, 0, cost, source)
#define OP_RECORDER(name, value, cost, source)                                                                         \
    ROW(name, value, LAUNCH_PROCESS, "op", NULL, SETTING_RECORDER, 0, cost, source)
#define THREADS(name, value, source)                                                                                   \
    ROW(name, value, LAUNCH_PORTABLE, "op:one-thread", "thread-order", SETTING_VARIABLE, 0, "one core is used", source)
#define CPU(name, value, cost, source) ROW(name, value, LAUNCH_PORTABLE, "cpu", NULL, SETTING_VARIABLE, 0, cost, source)

static const struct setting table[] = {
    ROW("root seed", "%r", LAUNCH_SEEDS, "unseeded-rng", NULL, SETTING_RECORDER, 0, "none", "oneseed-run(1)"),
    ROW("seeds of children by place", "on", LAUNCH_SEEDS, "child-process", NULL, SETTING_RECORDER, 0, "none",
        "oneseed-run(1)"),
    ROW("PYTHONHASHSEED", "%s", LAUNCH_PROCESS, "hash-seed", NULL, SETTING_VARIABLE, 0,
        "none; keys chosen by an attacker can collide",
        "https://docs.python.org/3/using/cmdline.html#envvar-PYTHONHASHSEED"),
    ROW("personality(ADDR_NO_RANDOMIZE|ADDR_COMPAT_LAYOUT)", "on", LAUNCH_PROCESS, "address", NULL, SETTING_LAUNCHER, 0,
        "none; addresses can be guessed by an attacker", "personality(2)"),
    ROW("directory listings", "sorted", LAUNCH_PROCESS, "file-order", NULL, SETTING_PRELOAD, 0,
        "memory for the names of one folder", "oneseed-run(1)"),
    OP_RECORDER("torch.use_deterministic_algorithms", "True", "some operations are slower, mostly on CUDA",
                "https://docs.pytorch.org/docs/stable/generated/torch.use_deterministic_algorithms.html"),
    OP_RECORDER("torch.utils.deterministic.fill_uninitialized_memory", "False",
                "none: it takes back most of the cost of the row above",
                "https://docs.pytorch.org/docs/stable/deterministic.html"),
    OP_RECORDER("torch.backends.cudnn.deterministic", "True", "some convolutions are slower", TORCH_RANDOMNESS),
    OP_RECORDER("torch.backends.cudnn.benchmark", "False", "the fastest convolution is not searched for",
                TORCH_RANDOMNESS),
    OP("CUBLAS_WORKSPACE_CONFIG", ":4096:8", "24 MiB of GPU memory per handle", TORCH_RANDOMNESS),
    OP("NCCL_ALGO", "Ring", "slower collectives on many nodes", NVIDIA_DETERMINISM),
    OP("NVTE_ALLOW_NONDETERMINISTIC_ALGO", "0", "slower attention in Transformer Engine",
       "https://docs.nvidia.com/deeplearning/transformer-engine/user-guide/envvars.html"),
    OP("TF_DETERMINISTIC_OPS", "1", "slower; an operation without a deterministic version raises", TF_DETERMINISM),
    OP("TF_CUDNN_DETERMINISTIC", "1", "some convolutions are slower",
       "https://github.com/NVIDIA/framework-reproducibility/blob/master/doc/d9m/tensorflow.md"),
    ROW("XLA_FLAGS", "--xla_gpu_deterministic_ops=true", LAUNCH_PROCESS, "op", NULL, SETTING_APPENDED, ' ',
        "slower scatters and convolutions on GPUs", "https://openxla.org/xla/determinism"),

    THREADS("OMP_NUM_THREADS", "%t", OPENMP_SPEC),
    THREADS("OMP_DYNAMIC", "FALSE", OPENMP_SPEC),
    THREADS("MKL_NUM_THREADS", "%t", MKL_GUIDE "mkl-domain-num-threads.html"),
    THREADS("MKL_DYNAMIC", "FALSE", MKL_GUIDE "mkl-dynamic.html"),
    THREADS("OPENBLAS_NUM_THREADS", "%t", OPENBLAS_README),
    THREADS("BLIS_NUM_THREADS", "%t", "https://github.com/flame/blis/blob/master/docs/Multithreading.md"),
    THREADS("NUMEXPR_NUM_THREADS", "%t", "https://numexpr.readthedocs.io/en/latest/user_guide.html"),
    THREADS("NUMBA_NUM_THREADS", "%t", "https://numba.readthedocs.io/en/stable/reference/envvars.html"),
    THREADS("RAYON_NUM_THREADS", "%t", "https://docs.rs/rayon/latest/rayon/struct.ThreadPoolBuilder.html"),
    THREADS("POLARS_MAX_THREADS", "%t",
            "https://docs.pola.rs/api/python/stable/reference/api/polars.thread_pool_size.html"),
    THREADS("TF_NUM_INTRAOP_THREADS", "%t",
            "https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/common_runtime/process_util.cc"),
    THREADS("TF_NUM_INTEROP_THREADS", "%t",
            "https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/common_runtime/process_util.cc"),

    CPU("ATEN_CPU_CAPABILITY", "default", "PyTorch without AVX2 and AVX-512: up to several times slower",
        "https://github.com/pytorch/pytorch/blob/main/aten/src/ATen/native/DispatchStub.cpp"),
    CPU("ONEDNN_MAX_CPU_ISA", "SSE41", "oneDNN without AVX: up to several times slower", ONEDNN_CPU),
    CPU("DNNL_MAX_CPU_ISA", "SSE41", "the same for oneDNN before 2.5", ONEDNN_CPU),
    CPU("TF_ENABLE_ONEDNN_OPTS", "0", "TensorFlow without oneDNN's kernels",
        "https://github.com/tensorflow/tensorflow/releases/tag/v2.9.0"),
    CPU("MKL_CBWR", "COMPATIBLE", "MKL's slowest kernels",
        MKL_GUIDE "set-env-var-for-cond-numerical-reproducibility.html"),
    CPU("OPENBLAS_CORETYPE", OPENBLAS_KERNELS, "OpenBLAS's kernels for older CPUs: up to several times slower",
        OPENBLAS_README),
    ROW("NumPy's dispatched CPU features", "off", LAUNCH_PORTABLE, "cpu", NULL, SETTING_RECORDER, 0,
        "NumPy without AVX2 and AVX-512", "https://numpy.org/doc/stable/reference/simd/build-options.html"),

    ROW("one CPU, SCHED_BATCH", "on", LAUNCH_BARE, "thread-order", NULL, SETTING_LAUNCHER, 0,
        "threads take turns on one core", "sched_setaffinity(2), sched(7)"),
    /* Without the thread caches every block passes through the code that fills. */
    ROW("GLIBC_TUNABLES", "glibc.malloc.perturb=%p:glibc.malloc.tcache_count=0", LAUNCH_BARE, "uninitialised-memory",
        NULL, SETTING_APPENDED, ':', "each allocation is written once", GLIBC_TUNABLES_PAGE),
    ROW("MALLOC_PERTURB_", "%p", LAUNCH_BARE, "uninitialised-memory", NULL, SETTING_VARIABLE, 0,
        "the same for glibc before 2.26", "mallopt(3)"),
};

const struct setting *settings_table(size_t *n_out)
{
    *n_out = sizeof table / sizeof table[0];
    return table;
}

const char *level_name(enum launch_level level)
{
    static const char *const names[] = {"-", "seeds", "process", "portable"};
    return names[level];
}

bool settings_listed(const char *list, const char *word)
{
    if (list == NULL)
        return false;
    size_t n_word = strlen(word);
    for (const char *entry = list; *entry != '\0'; entry += *entry == ',') {
        size_t n_entry = strcspn(entry, ",");
        if (n_entry >= n_word && strncmp(entry, word, n_word) == 0 && (n_entry == n_word || entry[n_word] == ':'))
            return true;
        entry += n_entry;
    }
    return false;
}

const char *settings_variant(const char *list, const char *name, char *text, size_t text_nbytes)
{
    if (list == NULL)
        return NULL;
    size_t n_name = strlen(name);
    for (const char *entry = list; *entry != '\0'; entry += *entry == ',') {
        size_t n_entry = strcspn(entry, ",");
        if (n_entry > n_name && strncmp(entry, name, n_name) == 0 && entry[n_name] == ':') {
            size_t n_variant = n_entry - n_name - 1;
            if (n_variant >= text_nbytes)
                return NULL;
            memcpy(text, entry + n_name + 1, n_variant);
            text[n_variant] = '\0';
            return text;
        }
        entry += n_entry;
    }
    return NULL;
}

static bool append(char *list, size_t list_nbytes, const char *entry, size_t entry_nbytes)
{
    char word[128];
    if (entry_nbytes == 0)
        return true;
    if (entry_nbytes >= sizeof word)
        return false;
    memcpy(word, entry, entry_nbytes);
    word[entry_nbytes] = '\0';
    if (settings_listed(list, word))
        return true;
    size_t n = strlen(list);
    int n_new = snprintf(list + n, list_nbytes - n, "%s%s", n ? "," : "", word);
    return n_new >= 0 && (size_t)n_new < list_nbytes - n;
}

bool settings_controls(const struct launch_options *options, char *list, size_t list_nbytes)
{
    static const char *const of_level[] = {
        "",
        "unseeded-rng,child-process",
        "unseeded-rng,child-process,hash-seed,address,file-order,op",
        "unseeded-rng,child-process,hash-seed,address,file-order,op:one-thread,cpu",
    };
    const char *extra = options->controls != NULL ? options->controls : "";
    list[0] = '\0';
    /* A variant that is asked for by name stands before the level's plain word, which it then covers. */
    for (const char *entry = extra; *entry != '\0'; entry += *entry == ',') {
        size_t n_entry = strcspn(entry, ",");
        bool op = options->experiment && n_entry == 2 && strncmp(entry, "op", 2) == 0;
        if (!append(list, list_nbytes, op ? "op:one-thread" : entry, op ? 13 : n_entry))
            return false;
        entry += n_entry;
    }
    for (const char *entry = of_level[options->level]; *entry != '\0'; entry += *entry == ',') {
        size_t n_entry = strcspn(entry, ",");
        if (!append(list, list_nbytes, entry, n_entry))
            return false;
        entry += n_entry;
    }
    return true;
}

bool setting_acts(const struct setting *setting, const char *controls)
{
    return settings_listed(controls, setting->control) ||
           (setting->or_control != NULL && settings_listed(controls, setting->or_control));
}

static bool is_threads(const struct setting *setting)
{
    return strcmp(setting->control, "op:one-thread") == 0;
}

static bool is_fill(const struct setting *setting)
{
    return strcmp(setting->control, "uninitialised-memory") == 0;
}

/* glibc fills fresh memory with the complement of this number's byte; 0 would be no filling. */
static unsigned perturb_value(const struct launch_options *options)
{
    char variant[64];
    const char *byte = settings_variant(options->vary, "memory", variant, sizeof variant);
    unsigned fill = byte != NULL ? (unsigned)strtoul(byte, NULL, 10) & 255u : 0u;
    return fill < 255u ? fill ^ 255u : 1u;
}

bool setting_varied(const struct setting *setting, const struct launch_options *options)
{
    char variant[64];
    if (is_fill(setting))
        return settings_variant(options->vary, "memory", variant, sizeof variant) != NULL;
    if (setting->means != SETTING_VARIABLE)
        return false;
    if (strcmp(setting->control, "hash-seed") == 0)
        return settings_variant(options->vary, "hash-seed", variant, sizeof variant) != NULL;
    if (is_threads(setting))
        return settings_variant(options->vary, "threads", variant, sizeof variant) != NULL;
    if (strcmp(setting->control, "cpu") == 0)
        return settings_listed(options->vary, "cpu:default");
    return false;
}

void setting_value(const struct setting *setting, const struct launch_options *options, char *text, size_t text_nbytes)
{
    char variant[64];
    const char *perturb = strstr(setting->value, "%p");
    if (perturb != NULL) {
        snprintf(text, text_nbytes, "%.*s%u%s", (int)(perturb - setting->value), setting->value, perturb_value(options),
                 perturb + 2);
    } else if (strcmp(setting->value, "%r") == 0) {
        snprintf(text, text_nbytes, "%" PRIu64, options->has_seed ? options->seed : 0);
    } else if (strcmp(setting->value, "%s") == 0) {
        const char *varied = settings_variant(options->vary, "hash-seed", variant, sizeof variant);
        if (varied != NULL)
            snprintf(text, text_nbytes, "%s", varied);
        else
            snprintf(text, text_nbytes, "%" PRIu32, options->has_seed ? (uint32_t)options->seed : 0u);
    } else if (strcmp(setting->value, "%t") == 0) {
        const char *varied = settings_variant(options->vary, "threads", variant, sizeof variant);
        snprintf(text, text_nbytes, "%s", varied != NULL ? varied : "1");
    } else {
        snprintf(text, text_nbytes, "%s", setting->value);
    }
}

bool setting_replaces(const struct setting *setting, const struct launch_options *options, const char *users_own)
{
    if (users_own == NULL || users_own[0] == '\0' || setting_varied(setting, options))
        return true;
    if (strcmp(setting->control, "hash-seed") == 0)
        return strcmp(users_own, "random") == 0; /* a number of the user's own fixes the seed as well */
    return setting_acts(setting, options->controls) ||
           (is_threads(setting) && options->experiment && settings_listed(options->controls, "op"));
}
