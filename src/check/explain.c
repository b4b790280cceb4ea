/* explain.c - says a cause in the user's terms: what happened, and how to mend it.
 * SPDX-License-Identifier: MIT */
#include "check/explain.h" /* struct check_cause */

#include <stdlib.h> /* free */
#include <string.h> /* strstr, strncmp */

#include "check/survey.h" /* lane_is_child */
#include "common/array.h" /* text_format */

static bool begins(const char *text, const char *with)
{
    return text && strncmp(text, with, strlen(with)) == 0;
}

static bool mentions(const struct check_cause *cause, const char *what)
{
    return cause->place.source && strstr(cause->place.source, what);
}

static const char *base_name(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path;
}

/* The call that begins at `name(` in the line, up to its closing bracket: "set(labels)". NULL when it is not there. */
static char *call_in(const char *source, const char *name)
{
    const char *start = source;
    size_t length = strlen(name);

    while (start && (start = strstr(start, name))) {
        bool word = start == source || !(strchr("_.", start[-1]) || (start[-1] >= 'a' && start[-1] <= 'z'));
        if (word && start[length] == '(') {
            int depth = 0;
            for (const char *end = start + length; *end; end++) {
                depth += *end == '(';
                depth -= *end == ')';
                if (depth == 0)
                    return text_format("%.*s", (int)(end + 1 - start), start);
            }
            return NULL;
        }
        start += length;
    }
    return NULL;
}

static char *seed_fix(const char *generator)
{
    if (begins(generator, "python.global"))
        return text_copy("call random.seed(SEED) before the first draw, or run under `oneseed run --seed N`.");
    if (begins(generator, "python."))
        return text_copy("give the generator a seed: random.Random(SEED), or run under `oneseed run --seed N`.");
    if (begins(generator, "numpy.global"))
        return text_copy(
            "call np.random.seed(SEED) before the first draw (scikit-learn: pass random_state=SEED), or run "
            "under `oneseed run --seed N`.");
    if (begins(generator, "numpy.MT19937"))
        return text_copy(
            "give the generator a seed: np.random.RandomState(SEED) or np.random.default_rng(SEED), or run "
            "under `oneseed run --seed N`.");
    if (begins(generator, "numpy."))
        return text_copy(
            "give the generator a seed: np.random.default_rng(SEED), or run under `oneseed run --seed N`.");
    if (begins(generator, "torch.Generator"))
        return text_copy(
            "seed the generator: torch.Generator().manual_seed(SEED), or run under `oneseed run --seed N`.");
    if (begins(generator, "torch."))
        return text_copy(
            "call torch.manual_seed(SEED) before the model is built and before the first draw, or run under "
            "`oneseed run --seed N`.");
    if (begins(generator, "cxx.random_device"))
        return text_copy("seed the engine with a number of your own instead of std::random_device: std::mt19937 "
                         "engine(SEED), or run under `oneseed run --seed N`.");
    if (begins(generator, "c."))
        return text_copy(
            "seed the generator with a number of your own: srand(SEED), srandom(SEED) or srand48(SEED), or "
            "run under `oneseed run --seed N`.");
    return text_copy("give the generator a seed of your own (random_state=SEED, seed=SEED), or run under `oneseed run "
                     "--seed N`.");
}

static void explain_unseeded(struct check_cause *cause, const char *detail)
{
    cause->message = cause->generator
                         ? text_format("%s was never seeded by the program: its numbers%s%s%s differ in every run.",
                                       cause->generator, detail ? " (" : "", detail ? detail : "", detail ? ")" : "")
                         : text_copy("A random generator is seeded by the operating system here: its numbers differ "
                                     "in every run.");
    cause->fix =
        cause->place.through && strstr(cause->place.through, "/gymnasium/")
            ? text_copy(
                  "env.reset(seed=SEED) at the first reset, and env.action_space.seed(SEED) before sample(), or run "
                  "under `oneseed run --seed N`.")
            : seed_fix(cause->generator);
}

static void explain_child(struct check_cause *cause, const char *detail)
{
    (void)detail;
    const char *generator = cause->generator ? cause->generator : "generators";
    cause->message =
        cause->lane && lane_is_child(cause->lane)
            ? text_format("A child process (lane %s) draws from %s, whose seed does not come from its parent's.",
                          cause->lane, generator)
            : text_format("The child processes that are started here draw from %s, not seeded from their parent's.",
                          generator);
    cause->fix = text_format(
        "hand each worker a seed made from the parent's (np.random.SeedSequence(SEED).spawn(n), "
        "initializer=, worker_init_fn=%s) and seed its generators there, or run under `oneseed run "
        "--seed N`.",
        begins(cause->generator, "numpy.global") || !cause->generator ? "; scikit-learn: random_state=" : "");
}

static void explain_hash(struct check_cause *cause, const char *detail)
{
    (void)detail;
    char *set = cause->place.source ? call_in(cause->place.source, "set") : NULL;

    if (mentions(cause, "hash(")) {
        cause->message = text_copy("hash() of a text changes with Python's hash seed, which is new in every run.");
        cause->fix = text_copy("use a digest that does not change (zlib.crc32, hashlib) instead of hash(), or fix the "
                               "hash seed: PYTHONHASHSEED=0, or `oneseed run`.");
    } else {
        cause->message =
            text_copy("The order of a set of strings changes with Python's hash seed, which is new in every run.");
        cause->fix =
            set ? text_format("sorted(%s), or fix the hash seed: PYTHONHASHSEED=0, or `oneseed run`.", set)
                : text_copy("walk the set in a fixed order, sorted(...), or fix the hash seed: PYTHONHASHSEED=0, "
                            "or `oneseed run`.");
    }
    free(set);
}

static void explain_address(struct check_cause *cause, const char *detail)
{
    (void)detail;
    cause->message =
        text_copy("The address of an object decides here (id(), the default hash or repr, a pointer's order), "
                  "and addresses differ in every run.");
    cause->fix = text_copy("order and key by something that the object holds (a name, an index, a counter) instead of "
                           "id(), the default hash() "
                           "or a pointer, or run under `oneseed run` (no address randomisation).");
}

static void explain_entropy(struct check_cause *cause, const char *detail)
{
    cause->message = text_format("Random bytes of the operating system%s%s are used directly here.",
                                 detail ? " by way of " : "", detail ? detail : "");
    cause->fix =
        text_copy("take the bytes from a seeded generator (random.Random(SEED), uuid.UUID(int=rng.getrandbits(128)), "
                  "uuid.uuid5) instead of uuid4, secrets, os.urandom or getrandom, or run under `oneseed run "
                  "--os-entropy seeded`.");
}

static void explain_clock(struct check_cause *cause, const char *detail)
{
    (void)detail;
    cause->message = text_copy("The time that is read here decides what follows.");
    if (mentions(cause, "seed"))
        cause->fix =
            text_copy("use a fixed seed instead of the time: seed(SEED); or run under `oneseed run --clock frozen`.");
    else
        cause->fix = text_copy("do not let the clock decide: count steps instead of seconds, use a fixed seed instead "
                               "of the time, keep times out "
                               "of results; or run under `oneseed run --clock ticking`.");
}

static void explain_listing(struct check_cause *cause, const char *detail)
{
    char *call = cause->place.source ? call_in(cause->place.source, "os.listdir") : NULL;
    if (!call && cause->place.source)
        call = call_in(cause->place.source, "glob.glob");
    cause->message =
        text_format("The file system gives the entries of %s in no fixed order.", detail ? detail : "a folder");
    cause->fix =
        call ? text_format("sorted(%s), or run under `oneseed run` (sorted listings).", call)
             : text_copy("sort the listing before use: sorted(os.listdir(path)), sorted(path.glob(...)), or run under "
                         "`oneseed run` (sorted listings).");
    free(call);
}

static void explain_content(struct check_cause *cause, const char *detail)
{
    cause->message =
        text_format("%s held something else in the other run%s.", detail ? base_name(detail) : "An input file",
                    detail ? "" : ", left there by the run before");
    cause->fix = text_format(
        "start each run from the same files: write %s elsewhere than it is read from, or delete it before the "
        "run; `oneseed check --fresh-dir` gives each run its own copy of the folder.",
        detail ? base_name(detail) : "results");
}

static void explain_environment(struct check_cause *cause, const char *detail)
{
    cause->message =
        text_format("A property of the process or machine%s%s%s decides here, and it differs in every run.",
                    detail ? " (" : "", detail ? detail : "", detail ? ")" : "");
    cause->fix = text_copy(
        "use a fixed seed or a fixed number (an index, a rank) instead of the process id, host name or load.");
}

static void explain_threads(struct check_cause *cause, const char *detail)
{
    (void)detail;
    cause->message = text_copy("Which thread or process comes first decides here.");
    if (mentions(cause, "as_completed"))
        cause->fix =
            text_copy("collect the results in the order of submission (executor.map, or a list of futures walked "
                      "in order) or sort them, instead of as_completed.");
    else if (mentions(cause, "imap_unordered"))
        cause->fix = text_copy(
            "use imap or map, which keep the order of submission, or sort the results, instead of imap_unordered.");
    else
        cause->fix = text_copy("give the results a fixed order: collect them in the order of submission (map, an index "
                               "per task) or sort them "
                               "before they are combined; or use one thread (n_jobs=1, OMP_NUM_THREADS=1).");
}

static void explain_op(struct check_cause *cause, const char *detail)
{
    cause->message = text_format("%s gave another result for equal inputs.", cause->op ? cause->op
                                                                             : detail  ? detail
                                                                                       : "An operation");
    cause->fix = text_copy("torch.use_deterministic_algorithms(True) (it may be slower), or one thread for it "
                           "(torch.set_num_threads(1), OMP_NUM_THREADS=1), or run under `oneseed run`.");
}

static void explain_memory(struct check_cause *cause, const char *detail)
{
    (void)detail;
    cause->message = text_copy("Memory that nobody wrote is read here, and the result depends on what lies in it.");
    if (mentions(cause, "torch."))
        cause->fix = text_copy(
            "torch.zeros instead of torch.empty (zeros_like, new_zeros), or write every element before it is read.");
    else if (mentions(cause, "malloc"))
        cause->fix = text_copy("calloc instead of malloc, or initialise every element before it is read.");
    else
        cause->fix = text_copy("np.zeros instead of np.empty (zeros_like; in C calloc or an initialiser), or write "
                               "every element before it is read.");
}

static void explain_unknown(struct check_cause *cause, const char *detail)
{
    (void)detail;
    cause->message = text_copy("The results differ with everything controlled that oneseed can control.");
    cause->fix = text_copy(
        "look for what passes by the system library: a static or non-Python program, RDTSC/RDRAND, raw system calls, a "
        "device, the network.");
}

static void explain_draw_count(struct check_cause *cause, const char *detail)
{
    (void)detail;
    char *reason =
        cause->trigger == CHANNEL_NONE ? text_copy("") : text_format(" (decided by: %s)", channel_name(cause->trigger));
    cause->message =
        text_format("%s drew %llu words here in one run and %llu in the other%s, so all its later draws moved.",
                    cause->generator ? cause->generator : "A generator", (unsigned long long)cause->words_a,
                    (unsigned long long)cause->words_b, reason);
    cause->fix =
        text_copy("draw the same number of times in every run, or give these extra draws a generator of their own "
                  "(seeded separately), so that they do not move the others.");
    free(reason);
}

void explain_cause(struct check_cause *cause, const char *detail)
{
    static void (*const explain[])(struct check_cause *, const char *) = {
        [CHANNEL_UNSEEDED_RNG] = explain_unseeded,
        [CHANNEL_CHILD_PROCESS] = explain_child,
        [CHANNEL_HASH_SEED] = explain_hash,
        [CHANNEL_ADDRESS] = explain_address,
        [CHANNEL_OS_ENTROPY] = explain_entropy,
        [CHANNEL_CLOCK] = explain_clock,
        [CHANNEL_FILE_ORDER] = explain_listing,
        [CHANNEL_FILE_CONTENT] = explain_content,
        [CHANNEL_ENVIRONMENT] = explain_environment,
        [CHANNEL_THREAD_ORDER] = explain_threads,
        [CHANNEL_OP] = explain_op,
        [CHANNEL_UNINITIALISED_MEMORY] = explain_memory,
        [CHANNEL_DRAW_COUNT] = explain_draw_count,
        [CHANNEL_UNKNOWN] = explain_unknown,
    };
    free(cause->message);
    free(cause->fix);
    explain[cause->channel](cause, detail);
}
