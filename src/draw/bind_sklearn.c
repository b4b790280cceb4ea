/* bind_sklearn.c - scikit-learn's splits, samples and data sets over NumPy's RandomState.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* NAN */
#include <string.h> /* memcpy, strcmp */

#include "draw/bind.h"
#include "draw/iterators.h" /* struct iterator */
#include "draw/syntax.h"    /* tree_memory */

/* --- random_state, sizes, labels ------------------------------------------------------------------------------------- */

/* An int makes a new state for the call, None is np.random, an instance goes on. */
static value random_state(vm *m, value v)
{
    if (is_none(v))
        return module_numpy_random.global(m);
    if (v.kind == V_RANDOMSTATE)
        return v;
    if (!is_integer(v))
        value_error(m, "a '%s' cannot be used to seed a numpy.random.RandomState instance", type_name(v));
    value bitgen = new_bitgen(m, ONESEED_NUMPY_MT19937, INT(0));
    seed_legacy(m, bitgen_of(bitgen), v);
    bitgen_of(bitgen)->label = "random_state of scikit-learn";
    return new_facade(m, V_RANDOMSTATE, bitgen);
}

oneseed_numpy *sklearn_state(vm *m, value v)
{
    return &drawing(m, random_state(m, v))->state;
}

static value otherwise(value v, value given)
{
    return given.kind == V_NOTHING ? v : given;
}

static oneseed_sklearn_size size_of(vm *m, value v, const char *name)
{
    v = scalar_item(m, v);
    if (is_none(v))
        return (oneseed_sklearn_size){.kind = ONESEED_SKLEARN_SIZE_NONE};
    if (v.kind == V_FLOAT)
        return (oneseed_sklearn_size){.kind = ONESEED_SKLEARN_SIZE_FRACTION, .fraction = v.u.f};
    return (oneseed_sklearn_size){.kind = ONESEED_SKLEARN_SIZE_COUNT, .count = to_int64(m, v, name)};
}

/* What train_test_split refuses before it looks at the samples. */
static void check_size(vm *m, oneseed_sklearn_size size, const char *name)
{
    if ((size.kind == ONESEED_SKLEARN_SIZE_FRACTION && !(size.fraction > 0.0 && size.fraction < 1.0)) ||
        (size.kind == ONESEED_SKLEARN_SIZE_COUNT && size.count < 1))
        fail(
            m,
            "InvalidParameterError: The '%s' parameter of train_test_split must be a float in the range (0.0, 1.0), an "
            "int in the range [1, inf) or None.",
            name);
}

static size_t n_samples_of(vm *m, value v)
{
    return (size_t)value_length(m, v);
}

static int64_t *indices(vm *m, size_t n)
{
    return tree_memory(m, (n + 1) * sizeof(int64_t));
}

static const char *text_of(vm *m, value v)
{
    struct writer w = writer_start(m);
    put_str(&w, v);
    return written(&w);
}

/* A refusal of sizes with the numbers in it, as scikit-learn says it. */
static void refuse_sizes(vm *m, oneseed_status status, size_t n, value test_size, value train_size)
{
    value test = otherwise(NONE, test_size), train = otherwise(NONE, train_size);
    if (status == ONESEED_SKLEARN_TEST_SIZE || status == ONESEED_SKLEARN_TRAIN_SIZE) {
        bool of_test = status == ONESEED_SKLEARN_TEST_SIZE;
        value_error(m,
                    "%s=%s should be either positive and smaller than the number of samples %zu or a float in the (0, "
                    "1) range",
                    of_test ? "test_size" : "train_size", text_of(m, of_test ? test : train), n);
    }
    if (status == ONESEED_SKLEARN_FRACTIONS_SUM)
        value_error(m,
                    "The sum of test_size and train_size = %s, should be in the (0, 1) range. Reduce test_size "
                    "and/or train_size.",
                    text_of(m, operate(m, OP_ADD, train, test)));
    if (status == ONESEED_SKLEARN_TRAIN_EMPTY)
        value_error(m,
                    "With n_samples=%zu, test_size=%s and train_size=%s, the resulting train set will be empty. "
                    "Adjust any of the aforementioned parameters.",
                    n, text_of(m, test), text_of(m, train));
    refuse(m, status, false);
}

/* Labels as codes in sorted order: numpy.unique's inverse. */
static int64_t *codes_of(vm *m, value labels, size_t n_samples, size_t *n_codes)
{
    struct array *a = array_from(m, labels, DT_NONE);
    if (a->n_dims != 1 || (size_t)a->shape[0] != n_samples)
        value_error(m, "labels: one for each of %zu samples is needed", n_samples);
    struct arguments one = {.positional = &labels, .n_positional = 1};
    value kinds = find_native(numpy_functions, "unique")->call(m, NONE, &one);
    int64_t *codes = indices(m, n_samples);
    *n_codes = (size_t)kinds.u.array->shape[0];
    for (size_t i = 0; i < n_samples; i++) {
        value label = array_item(m, a, a->offset + (int64_t)i * a->strides[0]);
        size_t low = 0, high = *n_codes;
        while (low + 1 < high) {
            size_t middle = (low + high) / 2;
            value kind =
                array_item(m, kinds.u.array, kinds.u.array->offset + (int64_t)middle * kinds.u.array->strides[0]);
            if (values_compare(m, label, kind) < 0)
                high = middle;
            else
                low = middle;
        }
        codes[i] = (int64_t)low;
    }
    return codes;
}

/* The rows of a list (a list) or of an array. */
static value rows_of(vm *m, value v, const int64_t *rows, size_t n)
{
    if (v.kind == V_ARRAY)
        return array_value(take_rows(m, v.u.array, rows, n, 0));
    value from = to_list(m, v), list = make_sequence(m, V_LIST, n);
    for (size_t i = 0; i < n; i++)
        list.u.seq->items[i] = from.u.seq->items[rows[i]];
    return list;
}

static value index_array(vm *m, const int64_t *rows, size_t n)
{
    int64_t shape = (int64_t)n;
    struct array *a = array_new(m, DT_INT64, 1, &shape, 0);
    memcpy(a->buffer->bytes, rows, n * sizeof *rows);
    return array_value(a);
}

static _Noreturn void fail_inconsistent(vm *m, const struct arguments *arguments)
{
    struct writer w = writer_start(m);
    for (size_t i = 0; i < arguments->n_positional; i++)
        put_format(&w, "%s%zu", i ? ", " : "", n_samples_of(m, arguments->positional[i]));
    value_error(m, "Found input variables with inconsistent numbers of samples: [%s]", written(&w));
}

/* Positional arguments are the arrays; all have as many rows. */
static size_t check_arrays(vm *m, const char *name, const struct arguments *arguments)
{
    if (arguments->n_positional == 0)
        value_error(m, "%s(): at least one array required as input", name);
    size_t n = n_samples_of(m, arguments->positional[0]);
    for (size_t i = 1; i < arguments->n_positional; i++)
        if (n_samples_of(m, arguments->positional[i]) != n)
            fail_inconsistent(m, arguments);
    return n;
}

static void take_keywords(vm *m, const char *name, const char *names, const struct arguments *arguments, value *out)
{
    struct arguments keywords = *arguments;
    keywords.n_positional = 0;
    take_arguments(m, name, names, &keywords, out);
}

/* --- model_selection ------------------------------------------------------------------------------------------------- */

static value train_test_split(vm *m, value self, const struct arguments *arguments)
{
    value a[5];
    (void)self;
    take_keywords(m, "train_test_split", "* test_size= train_size= random_state= shuffle= stratify=", arguments, a);
    size_t n = check_arrays(m, "train_test_split", arguments);
    int64_t n_train, n_test;
    oneseed_sklearn_size test_size = size_of(m, a[0], "test_size"), train_size = size_of(m, a[1], "train_size");
    check_size(m, test_size, "test_size");
    check_size(m, train_size, "train_size");
    refuse_sizes(m, oneseed_sklearn_split_sizes((int64_t)n, test_size, train_size, 0.25, &n_train, &n_test), n, a[0],
                 a[1]);
    int64_t *train = indices(m, (size_t)n_train), *test = indices(m, (size_t)n_test);
    bool shuffled = a[3].kind == V_NOTHING || truth(m, a[3]);
    if (!shuffled) {
        if (!is_none(a[4]))
            value_error(m, "Stratified train/test split is not implemented for shuffle=False");
        refuse(m, oneseed_sklearn_ordered_split_fill(n, (size_t)n_train, (size_t)n_test, train, test), false);
    } else if (is_none(a[4])) {
        refuse(m,
               oneseed_sklearn_shuffle_split_fill(sklearn_state(m, a[2]), n, (size_t)n_train, (size_t)n_test,
                                                  indices(m, n), train, test),
               false);
    } else {
        size_t n_classes;
        const int64_t *classes = codes_of(m, a[4], n, &n_classes);
        int64_t *work = indices(m, oneseed_sklearn_stratified_work(n, n_classes));
        refuse(m,
               oneseed_sklearn_stratified_shuffle_split_fill(sklearn_state(m, a[2]), classes, n, n_classes,
                                                             (size_t)n_train, (size_t)n_test, work, train, test),
               false);
    }
    value out = make_sequence(m, V_LIST, 0);
    for (size_t i = 0; i < arguments->n_positional; i++) {
        append(m, out, rows_of(m, arguments->positional[i], train, (size_t)n_train));
        append(m, out, rows_of(m, arguments->positional[i], test, (size_t)n_test));
    }
    return out;
}

/* What a splitter was made with. held: n_splits, then what its kind has, random_state the last. */
typedef enum splitter_kind {
    KFOLD,
    STRATIFIED_KFOLD,
    GROUP_KFOLD,
    REPEATED_KFOLD,
    REPEATED_STRATIFIED,
    SHUFFLE_SPLIT,
    STRATIFIED_SPLIT,
    GROUP_SPLIT
} splitter_kind;
struct splitter {
    struct holder holder;
    splitter_kind kind;
    value n_splits, n_repeats, shuffle, test_size, train_size, random_state;
};

static struct splitter *splitter_of(value v)
{
    return (struct splitter *)(void *)v.u.o;
}

static const char *const splitter_names[] = {
    "KFold",        "StratifiedKFold",        "GroupKFold",       "RepeatedKFold", "RepeatedStratifiedKFold",
    "ShuffleSplit", "StratifiedShuffleSplit", "GroupShuffleSplit"};

static value new_splitter(vm *m, splitter_kind kind, const struct arguments *arguments)
{
    value a[4];
    struct splitter *s = new_holder(m, V_SPLITTER, sizeof *s, 1);
    s->kind = kind;
    s->n_repeats = INT(1);
    s->shuffle = BOOL(kind >= REPEATED_KFOLD);
    s->test_size = s->train_size = NONE;
    if (kind <= GROUP_KFOLD) {
        take_arguments(m, splitter_names[kind], "n_splits= * shuffle= random_state=", arguments, a);
        s->n_splits = otherwise(INT(5), a[0]);
        s->shuffle = otherwise(BOOL(false), a[1]);
        s->random_state = otherwise(NONE, a[2]);
        if (!is_none(s->random_state) && !truth(m, s->shuffle))
            value_error(m, "Setting a random_state has no effect since shuffle is False. You should leave random_state "
                           "to its default (None), or set shuffle=True.");
    } else if (kind <= REPEATED_STRATIFIED) {
        take_arguments(m, splitter_names[kind], "* n_splits= n_repeats= random_state=", arguments, a);
        s->n_splits = otherwise(INT(5), a[0]);
        s->n_repeats = otherwise(INT(10), a[1]);
        s->random_state = otherwise(NONE, a[2]);
    } else {
        take_arguments(m, splitter_names[kind], "n_splits= * test_size= train_size= random_state=", arguments, a);
        s->n_splits = otherwise(INT(kind == GROUP_SPLIT ? 5 : 10), a[0]);
        s->test_size = otherwise(NONE, a[1]);
        s->train_size = otherwise(NONE, a[2]);
        s->random_state = otherwise(NONE, a[3]);
    }
    if (s->random_state.kind == V_RANDOMSTATE)
        s->holder.held[0] = s->random_state;
    if (kind <= GROUP_KFOLD && to_int64(m, s->n_splits, "n_splits") <= 1)
        value_error(m,
                    "k-fold cross-validation requires at least one train/test split by setting n_splits=2 or more, "
                    "got n_splits=%s.",
                    text_of(m, s->n_splits));
    (void)to_int64(m, s->n_splits, "n_splits");
    (void)to_int64(m, s->n_repeats, "n_repeats");
    return object_value(V_SPLITTER, s);
}

#define SPLITTER(name, kind)                                                                                           \
    static value make_##name(vm *m, value self, const struct arguments *arguments)                                     \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return new_splitter(m, kind, arguments);                                                                       \
    }
SPLITTER(kfold, KFOLD)
SPLITTER(stratified_kfold, STRATIFIED_KFOLD)
SPLITTER(group_kfold, GROUP_KFOLD)
SPLITTER(repeated_kfold, REPEATED_KFOLD)
SPLITTER(repeated_stratified_kfold, REPEATED_STRATIFIED)
SPLITTER(shuffle_split, SHUFFLE_SPLIT)
SPLITTER(stratified_shuffle_split, STRATIFIED_SPLIT)
SPLITTER(group_shuffle_split, GROUP_SPLIT)

/* A walk over splits: what it needs from one to the next. held of its iterator: the splitter, its buffers, (X, y, groups), the
 * RandomState. */
struct split_run {
    size_t n, n_codes;
    int64_t n_splits, n_repeats, n_train, n_test, repeat, k;
    int64_t *codes, *folds, *train, *test, *work;
};

/* Zeroed memory that lives as long as the iterator. */
static void *kept_memory(vm *m, struct iterator *it, size_t nbytes)
{
    struct buffer *b = heap_object(m, V_BUFFER, sizeof *b);
    b->bytes = heap_resize(m, NULL, 0, nbytes);
    b->nbytes = nbytes;
    memset(b->bytes, 0, nbytes);
    append(m, it->held[1], object_value(V_BUFFER, b));
    return b->bytes;
}

static int64_t *kept_indices(vm *m, struct iterator *it, size_t n)
{
    return kept_memory(m, it, (n + 1) * sizeof(int64_t));
}

static bool by_groups(const struct splitter *s)
{
    return s->kind == GROUP_SPLIT || s->kind == GROUP_KFOLD;
}

static bool by_classes(const struct splitter *s)
{
    return s->kind == STRATIFIED_SPLIT || s->kind == STRATIFIED_KFOLD || s->kind == REPEATED_STRATIFIED;
}

static void begin_shuffled(vm *m, struct iterator *it, const struct splitter *s, struct split_run *run)
{
    bool groups = s->kind == GROUP_SPLIT;
    size_t n_items = groups ? run->n_codes : run->n;
    oneseed_sklearn_size test = size_of(m, s->test_size, "test_size"), train = size_of(m, s->train_size, "train_size");
    refuse_sizes(
        m, oneseed_sklearn_split_sizes((int64_t)n_items, test, train, groups ? 0.2 : 0.1, &run->n_train, &run->n_test),
        n_items, s->test_size, s->train_size);
    run->work = kept_indices(m, it,
                             groups                        ? 2 * run->n_codes
                             : s->kind == STRATIFIED_SPLIT ? oneseed_sklearn_stratified_work(run->n, run->n_codes)
                                                           : run->n);
}

/* What scikit-learn does when the first split is asked for: the samples are counted, the random state is made. */
static struct split_run *begin_splits(vm *m, struct iterator *it)
{
    const struct splitter *s = splitter_of(it->held[0]);
    const value *a = it->held[2].u.seq->items;
    it->held[1] = make_sequence(m, V_LIST, 0);
    struct split_run *run = kept_memory(m, it, sizeof *run);
    size_t n = run->n = n_samples_of(m, a[0]);
    run->n_splits = to_int64(m, s->n_splits, "n_splits");
    run->n_repeats = to_int64(m, s->n_repeats, "n_repeats");
    if (by_groups(s) || by_classes(s)) {
        const int64_t *codes = codes_of(m, by_groups(s) ? a[2] : a[1], n, &run->n_codes);
        run->codes = kept_indices(m, it, n);
        memcpy(run->codes, codes, n * sizeof *codes);
    }
    run->train = kept_indices(m, it, n);
    run->test = kept_indices(m, it, n);
    if (s->kind >= SHUFFLE_SPLIT) {
        begin_shuffled(m, it, s, run);
    } else {
        if (s->kind != GROUP_KFOLD && run->n_splits > (int64_t)n)
            value_error(m,
                        "Cannot have number of splits n_splits=%lld greater than the number of samples: "
                        "n_samples=%zu.",
                        (long long)run->n_splits, n);
        if (s->kind == GROUP_KFOLD && run->n_splits > (int64_t)run->n_codes)
            value_error(m, "Cannot have number of splits n_splits=%lld greater than the number of groups: %zu.",
                        (long long)run->n_splits, run->n_codes);
        if (run->n_splits < 0 || run->n_splits > (int64_t)n + 1)
            run->n_splits = run->n_splits < 0 ? 0 : (int64_t)n + 1; /* refused all the same */
        run->folds = kept_indices(m, it, n);
        run->work = kept_indices(m, it, 4 * n + 3 * run->n_codes + (size_t)run->n_splits);
    }
    if (truth(m, s->shuffle))
        it->held[3] = random_state(m, s->random_state);
    return run;
}

static bool next_fold(vm *m, const struct splitter *s, oneseed_numpy *state, struct split_run *run, size_t n_out[2])
{
    size_t n = run->n, n_splits = (size_t)run->n_splits;
    if (run->k == run->n_splits && run->repeat > 0)
        run->k = 0;
    if (run->k == 0) {
        if (run->repeat++ >= run->n_repeats)
            return false;
        refuse(m,
               by_classes(s)  ? oneseed_sklearn_stratified_kfold_fill(state, run->codes, n, run->n_codes, n_splits,
                                                                      run->work, run->folds)
               : by_groups(s) ? oneseed_sklearn_group_kfold_fill(state, run->codes, n, run->n_codes, n_splits,
                                                                 run->work, run->folds)
                              : oneseed_sklearn_kfold_fill(state, n, n_splits, run->work, run->folds),
               false);
    }
    n_out[1] = oneseed_sklearn_fold_fill(run->folds, n, run->k++, run->train, run->test);
    n_out[0] = n - n_out[1];
    return true;
}

static bool next_shuffled(vm *m, const struct splitter *s, oneseed_numpy *state, struct split_run *run, size_t n_out[2])
{
    size_t n_train = n_out[0] = (size_t)run->n_train, n_test = n_out[1] = (size_t)run->n_test;
    if (run->k++ >= run->n_splits)
        return false;
    refuse(m,
           s->kind == GROUP_SPLIT
               ? oneseed_sklearn_group_shuffle_split_fill(state, run->codes, run->n, run->n_codes, n_train, n_test,
                                                          run->work, run->train, run->test, n_out)
           : s->kind == STRATIFIED_SPLIT
               ? oneseed_sklearn_stratified_shuffle_split_fill(state, run->codes, run->n, run->n_codes, n_train, n_test,
                                                               run->work, run->train, run->test)
               : oneseed_sklearn_shuffle_split_fill(state, run->n, n_train, n_test, run->work, run->train, run->test),
           false);
    return true;
}

static bool next_of_splits(vm *m, struct iterator *it, value *item_out)
{
    const struct splitter *s = splitter_of(it->held[0]);
    struct split_run *run = it->held[1].kind == V_LIST
                                ? (struct split_run *)(void *)((struct buffer *)it->held[1].u.seq->items[0].u.o)->bytes
                                : begin_splits(m, it);
    oneseed_numpy *state = truth(m, s->shuffle) ? &drawing(m, it->held[3])->state : NULL;
    size_t n_out[2];
    step(m, run->n);
    it->done = !(s->kind >= SHUFFLE_SPLIT ? next_shuffled : next_fold)(m, s, state, run, n_out);
    if (it->done)
        return false;
    *item_out = make_sequence(m, V_TUPLE, 2);
    item_out->u.seq->items[0] = index_array(m, run->train, n_out[0]);
    item_out->u.seq->items[1] = index_array(m, run->test, n_out[1]);
    return true;
}

/* A generator in scikit-learn, too: it draws as it is walked. */
static value splitter_split(vm *m, value self, const struct arguments *arguments)
{
    value a = make_sequence(m, V_TUPLE, 3), *items = a.u.seq->items;
    take_arguments(m, "split", "X y= groups=", arguments, items);
    const struct splitter *s = splitter_of(self);
    if ((by_groups(s) && is_none(items[2])) || (by_classes(s) && is_none(items[1])))
        value_error(m, "The '%s' parameter should not be None.", by_groups(s) ? "groups" : "y");
    struct iterator *it = new_iterator(m, "generator", next_of_splits, 0);
    it->held[0] = self;
    it->held[2] = a;
    return iterator_value(it);
}

static value splitter_n_splits(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    take_arguments(m, "get_n_splits", "X= y= groups=", arguments, a);
    return operate(m, OP_MULTIPLY, splitter_of(self)->n_splits, splitter_of(self)->n_repeats);
}

const struct native splitter_methods[] = {{"split", splitter_split, NATIVE_FUNCTION, 0},
                                          {"get_n_splits", splitter_n_splits, NATIVE_FUNCTION, 0},
                                          {NULL, NULL, NATIVE_FUNCTION, 0}};

/* scikit-learn's repr of a splitter: a line is broken before the parameter that would reach column 75. */
struct parameter_line {
    struct writer *w;
    size_t n_name, n_line, n_written;
};

static void put_parameter(struct parameter_line *line, const char *name, value v)
{
    struct writer text = writer_start(line->w->m);
    put_format(&text, "%s=", name);
    if (v.kind == V_FLOAT || v.kind == V_SCALAR)
        put_str(&text, v);
    else
        put_repr(&text, v);
    if (line->n_written++ > 0) {
        bool breaks = line->n_line + text.n >= 75 || memchr(written(&text), '\n', text.n) != NULL;
        size_t margin = 1 + line->n_name / 2;
        put_text(line->w, breaks ? ",\n" : ", ");
        put_spaces(line->w, breaks ? margin : 0);
        line->n_line = breaks ? 2 + margin : line->n_line + 2;
    }
    put(line->w, written(&text), text.n);
    line->n_line += text.n;
}

void put_splitter(struct writer *w, value v)
{
    const struct splitter *s = splitter_of(v);
    const char *name = splitter_names[s->kind];
    struct parameter_line line = {w, strlen(name), strlen(name), 0};
    put_format(w, "%s(", name);
    if (s->kind == REPEATED_KFOLD || s->kind == REPEATED_STRATIFIED)
        put_parameter(&line, "n_repeats", s->n_repeats);
    put_parameter(&line, "n_splits", s->n_splits);
    put_parameter(&line, "random_state", s->random_state);
    if (s->kind <= GROUP_KFOLD)
        put_parameter(&line, "shuffle", s->shuffle);
    if (s->kind >= SHUFFLE_SPLIT) {
        put_parameter(&line, "test_size", s->test_size);
        put_parameter(&line, "train_size", s->train_size);
    }
    put_text(w, ")");
}

#define FUNCTION(name)                                                                                                 \
    {                                                                                                                  \
#name, name, NATIVE_FUNCTION, 0                                                                                \
    }
#define CLASS(name, make)                                                                                              \
    {                                                                                                                  \
        name, make, NATIVE_CLASS, 0                                                                                    \
    }
static const struct native selection_names[] = {FUNCTION(train_test_split),
                                                CLASS("KFold", make_kfold),
                                                CLASS("StratifiedKFold", make_stratified_kfold),
                                                CLASS("GroupKFold", make_group_kfold),
                                                CLASS("RepeatedKFold", make_repeated_kfold),
                                                CLASS("RepeatedStratifiedKFold", make_repeated_stratified_kfold),
                                                CLASS("ShuffleSplit", make_shuffle_split),
                                                CLASS("StratifiedShuffleSplit", make_stratified_shuffle_split),
                                                CLASS("GroupShuffleSplit", make_group_shuffle_split),
                                                {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct module module_sklearn_selection = {"sklearn.model_selection", selection_names, NULL, NULL};

/* --- utils ----------------------------------------------------------------------------------------------------------- */

static value resampled(vm *m, const char *name, const struct arguments *arguments, bool replace, value n_samples,
                       value state, value stratify)
{
    size_t n_rows = check_arrays(m, name, arguments), n_classes = 0;
    int64_t n = is_none(n_samples) ? (int64_t)n_rows : to_int64(m, n_samples, "n_samples");
    if (n < 0 || n > INT64_C(1) << 40)
        value_error(m, "n_samples of %lld", (long long)n);
    int64_t *rows = indices(m, (size_t)n);
    step(m, (uint64_t)n);
    if (is_none(stratify)) {
        refuse(m,
               oneseed_sklearn_resample_fill(sklearn_state(m, state), n_rows, replace, indices(m, n_rows), rows,
                                             (size_t)n),
               false);
    } else {
        const int64_t *classes = codes_of(m, stratify, n_rows, &n_classes);
        int64_t *work = indices(m, oneseed_sklearn_stratified_work(n_rows, n_classes));
        refuse(m,
               oneseed_sklearn_resample_stratified_fill(sklearn_state(m, state), classes, n_rows, n_classes, replace,
                                                        work, rows, (size_t)n),
               false);
    }
    value out = make_sequence(m, V_LIST, 0);
    for (size_t i = 0; i < arguments->n_positional; i++)
        append(m, out, rows_of(m, arguments->positional[i], rows, (size_t)n));
    return arguments->n_positional == 1 ? out.u.seq->items[0] : out;
}

static value shuffle(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_keywords(m, "shuffle", "* random_state= n_samples=", arguments, a);
    return resampled(m, "shuffle", arguments, false, a[1], a[0], NONE);
}

static value resample(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_keywords(m, "resample", "* replace= n_samples= random_state= stratify=", arguments, a);
    return resampled(m, "resample", arguments, a[0].kind == V_NOTHING || truth(m, a[0]), a[1], a[2], a[3]);
}

static value check_random_state(vm *m, value self, const struct arguments *arguments)
{
    value a;
    (void)self;
    take_arguments(m, "check_random_state", "seed", arguments, &a);
    return random_state(m, a);
}

static const struct native utils_names[] = {
    FUNCTION(shuffle), FUNCTION(resample), FUNCTION(check_random_state), {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct module module_sklearn_utils = {"sklearn.utils", utils_names, NULL, NULL};

/* --- datasets -------------------------------------------------------------------------------------------------------- */

static double *doubles(struct array *a)
{
    return (double *)(void *)a->buffer->bytes;
}

static int64_t *integers(struct array *a)
{
    return (int64_t *)(void *)a->buffer->bytes;
}

static value pair_of(vm *m, struct array *x, struct array *y)
{
    value pair = make_sequence(m, V_TUPLE, 2);
    pair.u.seq->items[0] = array_value(x);
    pair.u.seq->items[1] = array_value(y);
    return pair;
}

static value make_blobs(vm *m, value self, const struct arguments *arguments)
{
    value a[8];
    (void)self;
    take_arguments(m, "make_blobs",
                   "n_samples= n_features= * centers= cluster_std= center_box= shuffle= random_state= return_centers=",
                   arguments, a);
    oneseed_numpy *state = sklearn_state(m, a[6]);
    value samples = otherwise(INT(100), a[0]), box = a[4];
    bool several = !is_integer(samples);
    struct array *counts = several ? array_as(m, array_from(m, samples, DT_NONE), DT_INT64) : NULL, *centers = NULL;
    int64_t n_features = a[1].kind == V_NOTHING ? 2 : to_int64(m, a[1], "n_features");
    int64_t n_centers = counts             ? array_size(counts)
                        : is_none(a[2])    ? 3
                        : is_integer(a[2]) ? to_int64(m, a[2], "centers")
                                           : 0;
    if (!is_none(a[2]) && !is_integer(a[2])) {
        centers = array_as(m, array_from(m, a[2], DT_NONE), DT_FLOAT64);
        if (centers->n_dims != 2 || (counts && centers->shape[0] != n_centers))
            value_error(m, "Parameter `centers` must be array-like of shape (n_centers, n_features), one row for each "
                           "of n_samples");
        n_centers = centers->shape[0];
        n_features = centers->shape[1];
    }
    if (n_centers < 1 || n_features < 1 || n_centers > INT32_MAX || n_features > INT32_MAX)
        value_error(m, "make_blobs() of %lld centers and %lld features", (long long)n_centers, (long long)n_features);
    if (!centers) {
        double low = is_none(box) ? -10 : to_double(m, get_item(m, box, INT(0)), "center_box"),
               high = is_none(box) ? 10 : to_double(m, get_item(m, box, INT(1)), "center_box");
        centers = array_new(m, DT_FLOAT64, 2, (int64_t[]){n_centers, n_features}, 0);
        refuse(m,
               oneseed_sklearn_blob_centers_fill(state, low, high, (size_t)n_centers, (size_t)n_features,
                                                 doubles(centers)),
               false);
    }
    if (!counts) {
        int64_t n = to_int64(m, samples, "n_samples");
        if (n < 1)
            value_error(m, "The 'n_samples' parameter of make_blobs must be at least 1");
        counts = array_new(m, DT_INT64, 1, &n_centers, 0);
        oneseed_sklearn_blob_sizes_fill(n, (size_t)n_centers, integers(counts));
    }
    value spread = otherwise(FLOAT(1), a[3]);
    struct array *deviations =
        array_broadcast(m, array_as(m, array_from(m, spread, DT_NONE), DT_FLOAT64), 1, &n_centers);
    deviations = array_copy(m, deviations);
    int64_t n = 0;
    const int64_t *per_center = (const int64_t *)(const void *)array_bytes(counts);
    for (int64_t i = 0; i < n_centers; i++) {
        if (per_center[i] < 0 || per_center[i] > INT32_MAX)
            value_error(m, "make_blobs(): %lld samples of a center", (long long)per_center[i]);
        n += per_center[i];
    }
    struct array *x = array_new(m, DT_FLOAT64, 2, (int64_t[]){n, n_features}, 0), *y = array_new(m, DT_INT64, 1, &n, 0);
    step(m, (uint64_t)array_size(x));
    refuse(m,
           oneseed_sklearn_make_blobs_fill(state, (const double *)(const void *)array_bytes(centers),
                                           doubles(deviations), per_center, (size_t)n_centers, (size_t)n_features,
                                           a[5].kind == V_NOTHING || truth(m, a[5]), doubles(x), integers(y)),
           false);
    value out = pair_of(m, x, y);
    if (a[7].kind != V_NOTHING && truth(m, a[7]))
        append(m, out, array_value(centers));
    return out;
}

static value two_shapes(vm *m, const char *name, const struct arguments *arguments, bool circles)
{
    value a[5];
    take_arguments(m, name,
                   circles ? "n_samples= * shuffle= noise= random_state= factor="
                           : "n_samples= * shuffle= noise= random_state=",
                   arguments, a);
    oneseed_numpy *state = sklearn_state(m, a[3]);
    value samples = otherwise(INT(100), a[0]);
    bool shuffled = a[1].kind == V_NOTHING || truth(m, a[1]);
    double noise = is_none(a[2]) ? (double)NAN : to_double(m, a[2], "noise");
    int64_t outer, inner;
    if (is_integer(samples)) {
        outer = to_int64(m, samples, "n_samples") / 2;
        inner = to_int64(m, samples, "n_samples") - outer;
    } else {
        outer = to_int64(m, get_item(m, samples, INT(0)), "n_samples");
        inner = to_int64(m, get_item(m, samples, INT(1)), "n_samples");
    }
    if (outer < 0 || inner < 0 || outer > INT32_MAX || inner > INT32_MAX)
        value_error(m, "n_samples is out of range");
    int64_t n = outer + inner;
    struct array *x = array_new(m, DT_FLOAT64, 2, (int64_t[]){n, 2}, 0), *y = array_new(m, DT_INT64, 1, &n, 0);
    step(m, (uint64_t)n);
    refuse(m,
           circles ? oneseed_sklearn_make_circles_fill(state, (size_t)outer, (size_t)inner, shuffled, noise,
                                                       a[4].kind == V_NOTHING ? 0.8 : to_double(m, a[4], "factor"),
                                                       doubles(x), integers(y))
                   : oneseed_sklearn_make_moons_fill(state, (size_t)outer, (size_t)inner, shuffled, noise, doubles(x),
                                                     integers(y)),
           false);
    return pair_of(m, x, y);
}

static value make_moons(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return two_shapes(m, "make_moons", arguments, false);
}

static value make_circles(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return two_shapes(m, "make_circles", arguments, true);
}

static const struct native datasets_names[] = {FUNCTION(make_blobs),
                                               FUNCTION(make_moons),
                                               FUNCTION(make_circles),
                                               {"make_classification", sklearn_make_classification, NATIVE_FUNCTION, 0},
                                               {"make_regression", sklearn_make_regression, NATIVE_FUNCTION, 0},
                                               {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct module module_sklearn_datasets = {"sklearn.datasets", datasets_names, NULL, NULL};

static value sklearn_lookup(vm *m, const char *name)
{
    (void)m;
    return strcmp(name, "model_selection") == 0 ? MODULE(&module_sklearn_selection)
           : strcmp(name, "utils") == 0         ? MODULE(&module_sklearn_utils)
           : strcmp(name, "datasets") == 0      ? MODULE(&module_sklearn_datasets)
                                                : NOTHING;
}

static const struct native no_names[] = {{NULL, NULL, NATIVE_FUNCTION, 0}};
const struct module module_sklearn = {"sklearn", no_names, sklearn_lookup, NULL};
