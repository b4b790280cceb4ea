/* bind_tensorflow_data.c - tf.data.Dataset: pipelines of elements, walked in TensorFlow's order.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy, memset */

#include "draw/bind_tensorflow.h"
#include "draw/iterators.h" /* struct iterator */

typedef enum dataset_kind {
    DATASET_RANGE,
    DATASET_SLICES,
    DATASET_TENSORS,
    DATASET_RANDOM,
    DATASET_SHUFFLE,
    DATASET_BATCH,
    DATASET_UNBATCH,
    DATASET_REPEAT,
    DATASET_TAKE,
    DATASET_SKIP,
    DATASET_SHARD,
    DATASET_PREFETCH,
    DATASET_CACHE,
    DATASET_MAP,
    DATASET_FILTER,
    DATASET_CONCATENATE,
    DATASET_ZIP
} dataset_kind;

enum { INFINITE = -1, UNKNOWN = -2 };

/* held: the dataset, or tuple of datasets, that it is made of; data: tensors or a function; its element_spec, None: not known. */
struct dataset {
    struct instance instance;
    dataset_kind kind;
    int64_t a, b, c; /* start, stop, step; a size; a count; of shards: how many, which */
    int64_t seeds[2];
    uint64_t n_iterations; /* of a shuffle: iterators that were made, by whichever dataset on top of it */
    bool flag;             /* reshuffles or rerandomises each iteration; drops the remainder */
};

static const struct object_class dataset_class;

static struct dataset *dataset_of(value v)
{
    return (struct dataset *)(void *)v.u.o;
}

static bool is_dataset(value v)
{
    return v.kind == V_OBJECT && instance_of(v)->class == &dataset_class;
}

static value input_of(value v)
{
    return instance_of(v)->held[0];
}

static value data_of(value v)
{
    return instance_of(v)->held[1];
}

static value new_dataset(vm *m, dataset_kind kind, value input, value data, value spec)
{
    value v = new_instance(m, &dataset_class, sizeof(struct dataset), 3);
    const value held[] = {input, data, spec};
    memcpy(instance_of(v)->held, held, sizeof held);
    dataset_of(v)->kind = kind;
    return v;
}

/* --- Structures: tensors in tuples and dicts ------------------------------------------------------------------------------------ */

/* What becomes of each leaf of one or more structures that are alike. */
typedef value (*leaf_function)(vm *m, const value *leaves, size_t n, void *context);

static value map_structure(vm *m, const value *structures, size_t n, leaf_function function, void *context)
{
    value first = structures[0];
    if (first.kind != V_TUPLE && first.kind != V_DICT)
        return function(m, structures, n, context);
    value parts = make_sequence(m, V_LIST, n),
          out = first.kind == V_TUPLE ? make_sequence(m, V_TUPLE, 0) : make_dict(m);
    size_t n_items = first.kind == V_TUPLE ? first.u.seq->n : first.u.dict->n_entries;
    enter(m);
    for (size_t i = 0; i < n_items; i++) {
        if (first.kind == V_DICT && !first.u.dict->entries[i].used)
            continue;
        for (size_t k = 0; k < n; k++)
            parts.u.seq->items[k] = first.kind == V_TUPLE ? structures[k].u.seq->items[i]
                                                          : get_item(m, structures[k], first.u.dict->entries[i].key);
        value item = map_structure(m, parts.u.seq->items, n, function, context);
        if (first.kind == V_TUPLE)
            append(m, out, item);
        else
            dict_put(m, out.u.dict, first.u.dict->entries[i].key, item);
    }
    leave(m);
    return out;
}

static value as_tensor(vm *m, const value *leaves, size_t n, void *context)
{
    (void)n;
    (void)context;
    return is_tensorflow_tensor(leaves[0]) ? leaves[0]
                                           : tensorflow_tensor(m, tensorflow_convert(m, leaves[0], DT_NONE));
}

static value row_of(vm *m, const value *leaves, size_t n, void *context)
{
    (void)n;
    return tensorflow_item(m, leaves[0], INT(*(const int64_t *)context));
}

static value first_length(vm *m, const value *leaves, size_t n, void *context)
{
    const struct array *a = tensorflow_array(leaves[0]);
    int64_t *length = context;
    (void)n;
    if (a->n_dims == 0)
        value_error(m, "Unbatching a tensor is only supported for rank >= 1");
    if (*length >= 0 && *length != a->shape[0])
        value_error(m, "Dimensions %lld and %lld are not compatible", (long long)*length, (long long)a->shape[0]);
    *length = a->shape[0];
    return NONE;
}

static value stack_of(vm *m, const value *leaves, size_t n, void *context)
{
    const struct array *first = tensorflow_array(leaves[0]);
    int64_t shape[MAX_DIMS];
    (void)context;
    if (first->n_dims == MAX_DIMS)
        fail(m, "more than %d dimensions are not supported", MAX_DIMS);
    shape[0] = (int64_t)n;
    memcpy(shape + 1, first->shape, (size_t)first->n_dims * sizeof *shape);
    struct array *out = array_new(m, (dtype)first->dt, first->n_dims + 1, shape, 0);
    size_t nbytes = n > 0 ? out->buffer->nbytes / n : 0;
    for (size_t i = 0; i < n; i++) {
        const struct array *a = tensorflow_array(leaves[i]);
        bool same = a->n_dims == first->n_dims && a->dt == first->dt;
        for (int k = 0; same && k < a->n_dims; k++)
            same = a->shape[k] == first->shape[k];
        if (!same)
            invalid_argument(m,
                             "Cannot batch tensors with different shapes in component 0. First element had shape %s "
                             "and element %zu had shape %s.",
                             tensorflow_shape_text(m, first->shape, first->n_dims), i,
                             tensorflow_shape_text(m, a->shape, a->n_dims));
        memcpy(out->buffer->bytes + i * nbytes, array_bytes(array_copy(m, a)), nbytes);
    }
    return tensorflow_tensor(m, out);
}

static value as_numpy(vm *m, const value *leaves, size_t n, void *context)
{
    (void)n;
    (void)context;
    return get_attribute(m, leaves[0], "numpy").kind == V_METHOD
               ? call(m, get_attribute(m, leaves[0], "numpy"), &(struct arguments){0})
               : leaves[0];
}

/* --- tf.TensorSpec ----------------------------------------------------------------------------------------------------------------- */

static void put_spec(struct writer *w, value v)
{
    put_text(w, "TensorSpec(shape=");
    put_repr(w, instance_of(v)->held[0]);
    put_text(w, ", dtype=");
    put_repr(w, instance_of(v)->held[1]);
    put_text(w, ", name=None)");
}

static value spec_shape(vm *m, value self, const struct arguments *arguments)
{
    const struct sequence *dims = instance_of(self)->held[0].u.seq;
    int64_t shape[MAX_DIMS];
    take_none(m, "shape", arguments);
    for (size_t i = 0; i < dims->n; i++) {
        if (dims->items[i].kind == V_NONE)
            fail(m, "a shape with an unknown size is not supported");
        shape[i] = dims->items[i].u.i;
    }
    return tensorflow_shape(m, shape, (int)dims->n);
}

static value spec_dtype(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "dtype", arguments);
    return instance_of(self)->held[1];
}

static const struct native spec_methods[] = {{"shape", spec_shape, NATIVE_PROPERTY, 0},
                                             {"dtype", spec_dtype, NATIVE_PROPERTY, 0},
                                             {NULL, NULL, NATIVE_FUNCTION, 0}};
/* held: a tuple of sizes, where None is one that varies; the dtype. */
static const struct object_class spec_class = {.name = "TensorSpec", .methods = spec_methods, .put = put_spec};

static value make_spec(vm *m, value dims, value dt)
{
    value v = new_instance(m, &spec_class, sizeof(struct instance), 2);
    instance_of(v)->held[0] = dims;
    instance_of(v)->held[1] = dt;
    return v;
}

static value spec_of(vm *m, const value *leaves, size_t n, void *context)
{
    const struct array *a = tensorflow_array(leaves[0]);
    int without = context != NULL; /* the first size */
    (void)n;
    return make_spec(m, shape_tuple(m, a->shape + without, a->n_dims - without), tensorflow_dtype((dtype)a->dt));
}

static value batched_spec(vm *m, const value *leaves, size_t n, void *context)
{
    value dims = make_sequence(m, V_TUPLE, 0);
    const struct sequence *inner = instance_of(leaves[0])->held[0].u.seq;
    (void)n;
    append(m, dims, *(value *)context);
    for (size_t i = 0; i < inner->n; i++)
        append(m, dims, inner->items[i]);
    return make_spec(m, dims, instance_of(leaves[0])->held[1]);
}

static value unbatched_spec(vm *m, const value *leaves, size_t n, void *context)
{
    value dims = make_sequence(m, V_TUPLE, 0);
    const struct sequence *inner = instance_of(leaves[0])->held[0].u.seq;
    (void)n;
    (void)context;
    for (size_t i = 1; i < inner->n; i++)
        append(m, dims, inner->items[i]);
    return make_spec(m, dims, instance_of(leaves[0])->held[1]);
}

/* --- How many elements there are ------------------------------------------------------------------------------------------------------- */

static int64_t cardinality(vm *m, value v);

static int64_t sum_of_cardinalities(int64_t a, int64_t b)
{
    int64_t sum;
    if (a < 0 || b < 0)
        return a == INFINITE || b == INFINITE ? INFINITE : UNKNOWN;
    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static int64_t least_cardinality(vm *m, const struct sequence *datasets)
{
    int64_t least = INFINITE;
    for (size_t i = 0; i < datasets->n; i++) {
        int64_t n = cardinality(m, datasets->items[i]);
        if (n == UNKNOWN)
            return UNKNOWN;
        least = least == INFINITE || (n != INFINITE && n < least) ? n : least;
    }
    return least;
}

static int64_t cardinality_of(vm *m, value v)
{
    const struct dataset *d = dataset_of(v);
    if (d->kind == DATASET_RANGE) {
        bool up = d->c > 0, none = up ? d->b <= d->a : d->b >= d->a;
        uint64_t a = (uint64_t)d->a, b = (uint64_t)d->b, by = up ? (uint64_t)d->c : 0 - (uint64_t)d->c;
        uint64_t n = none ? 0 : ((up ? b - a : a - b) - 1) / by + 1;
        return n > INT64_MAX ? INT64_MAX : (int64_t)n;
    }
    if (d->kind == DATASET_SLICES || d->kind == DATASET_TENSORS)
        return d->a;
    if (d->kind == DATASET_RANDOM)
        return INFINITE;
    if (d->kind == DATASET_CONCATENATE)
        return sum_of_cardinalities(cardinality(m, input_of(v).u.seq->items[0]),
                                    cardinality(m, input_of(v).u.seq->items[1]));
    if (d->kind == DATASET_ZIP)
        return least_cardinality(m, input_of(v).u.seq);
    int64_t n = cardinality(m, input_of(v)), product;
    switch (d->kind) {
    case DATASET_BATCH:
        return n < 0 ? n : d->flag ? n / d->a : n / d->a + (n % d->a != 0);
    case DATASET_REPEAT:
        if (n <= 0 || d->a <= 0)
            return n == 0 || d->a == 0 ? 0 : d->a < 0 ? INFINITE : n;
        return __builtin_mul_overflow(n, d->a, &product) ? INT64_MAX : product;
    case DATASET_TAKE:
        return d->a < 0 ? n : n == INFINITE ? d->a : n < 0 ? n : n < d->a ? n : d->a;
    case DATASET_SKIP:
        return d->a < 0 ? 0 : n < 0 ? n : n < d->a ? 0 : n - d->a;
    case DATASET_SHARD:
        return n < 0 ? n : n / d->a + (d->b < n % d->a);
    case DATASET_FILTER:
    case DATASET_UNBATCH:
        return n == INFINITE && d->kind == DATASET_FILTER ? INFINITE : UNKNOWN;
    default:
        return n;
    }
}

static int64_t cardinality(vm *m, value v)
{
    enter(m);
    int64_t n = cardinality_of(m, v);
    leave(m);
    return n;
}

/* --- Iterators -------------------------------------------------------------------------------------------------------------------------- */

static value iterate_dataset(vm *m, value dataset);

static bool next_of_range(vm *m, struct iterator *it, value *item_out)
{
    const struct dataset *d = dataset_of(it->held[0]);
    it->done = it->i >= it->n;
    if (!it->done)
        *item_out = tensorflow_scalar(m, (dtype)data_of(it->held[0]).u.native->dt - 1,
                                      INT((int64_t)((uint64_t)d->a + (uint64_t)it->i++ * (uint64_t)d->c)));
    return !it->done;
}

static bool next_of_slices(vm *m, struct iterator *it, value *item_out)
{
    value data = data_of(it->held[0]);
    it->done = it->i >= it->n;
    if (!it->done && dataset_of(it->held[0])->kind == DATASET_TENSORS)
        *item_out = data;
    else if (!it->done)
        *item_out = map_structure(m, &data, 1, row_of, &it->i);
    it->i++;
    return !it->done;
}

static bool next_of_random(vm *m, struct iterator *it, value *item_out)
{
    int64_t seeds[2] = {it->held[1].u.i, it->held[2].u.i}, word;
    oneseed_tensorflow_dataset_random(seeds, (uint64_t)it->i++, &word, 1);
    *item_out = tensorflow_scalar(m, DT_INT64, INT(word));
    return true;
}

/* --- Shuffling: a buffer of numbers, each of which stands for an element of a list ------------------------------------------------------ */

static oneseed_tensorflow_buffer *buffer_of(const struct iterator *it)
{
    return (oneseed_tensorflow_buffer *)(void *)((struct buffer *)(void *)it->held[2].u.o)->bytes;
}

/* held: the dataset, the elements, the buffer. it->n: the input has no more. */
static bool next_of_shuffle(vm *m, struct iterator *it, value *item_out)
{
    oneseed_tensorflow_buffer *buffer = buffer_of(it);
    struct sequence *elements = it->held[1].u.seq;
    uint64_t item;
    while (it->n == 0 && buffer->n_held < buffer->n_slots) {
        value element;
        if (!walk_next(m, &it->walks[0], &element)) {
            it->n = 1;
            break;
        }
        step(m, 1);
        if (it->i >= 0) { /* the place of the element that went last */
            elements->items[it->i] = element;
            (void)oneseed_tensorflow_buffer_put(buffer, (uint64_t)it->i);
            it->i = -1;
        } else {
            append(m, it->held[1], element);
            (void)oneseed_tensorflow_buffer_put(buffer, elements->n - 1);
        }
    }
    it->done = !oneseed_tensorflow_buffer_take(buffer, &item);
    if (it->done)
        return false;
    *item_out = elements->items[item];
    it->i = (int64_t)item;
    return true;
}

enum { MOST_SLOTS = 1 << 24 };

static void begin_shuffle(vm *m, value dataset, struct iterator *it)
{
    struct dataset *d = dataset_of(dataset);
    int64_t n = cardinality(m, input_of(dataset)), n_slots = d->a;
    int64_t seeds[2] = {d->seeds[0], d->seeds[1]};
    if (n_slots == UNKNOWN && n < 0)
        fail(m, "shuffle() of all elements takes a dataset whose length is known here");
    if (n >= 0 && (n_slots == UNKNOWN || n_slots > n))
        n_slots = n > 0 ? n : 1;
    if (n_slots > MOST_SLOTS)
        fail(m, "a shuffle of more than %d elements is not supported", MOST_SLOTS);
    struct buffer *memory = heap_object(m, V_BUFFER, sizeof *memory);
    memory->nbytes = sizeof(oneseed_tensorflow_buffer) + (size_t)n_slots * sizeof(uint64_t);
    memory->bytes = heap_resize(m, NULL, 0, memory->nbytes);
    it->held[2] = object_value(V_BUFFER, memory);
    if (d->flag)
        oneseed_tensorflow_dataset_seeds(d->seeds, d->n_iterations++, seeds);
    oneseed_tensorflow_buffer_begin(buffer_of(it), seeds, (uint64_t *)(void *)(buffer_of(it) + 1), (size_t)n_slots);
    it->held[1] = make_sequence(m, V_LIST, 0);
    it->i = -1;
}

/* A function of a pipeline is a graph's: what it draws goes by another rule than that of eager operations. */
static value call_on_element(vm *m, value function, value element)
{
    bool apart = element.kind == V_TUPLE;
    struct arguments arguments = {.positional = apart ? element.u.seq->items : &element,
                                  .n_positional = apart ? element.u.seq->n : 1};
    bool before = m->globals.in_tensorflow_graph;
    m->globals.in_tensorflow_graph = true;
    value out = call(m, function, &arguments);
    m->globals.in_tensorflow_graph = before;
    return out;
}

/* --- Datasets over others ----------------------------------------------------------------------------------------------------------------- */

static bool next_of_batch(vm *m, struct iterator *it, value *item_out)
{
    const struct dataset *d = dataset_of(it->held[0]);
    value list = make_sequence(m, V_LIST, 0), element;
    for (int64_t i = 0; i < d->a && walk_next(m, &it->walks[0], &element); i++)
        append(m, list, element);
    it->done = list.u.seq->n == 0 || (d->flag && (int64_t)list.u.seq->n < d->a);
    if (!it->done)
        *item_out = map_structure(m, list.u.seq->items, list.u.seq->n, stack_of, NULL);
    return !it->done;
}

/* held[1]: the element that is taken apart; i: of n rows. */
static bool next_of_unbatch(vm *m, struct iterator *it, value *item_out)
{
    while (it->i >= it->n) {
        it->n = -1;
        it->done = !walk_next(m, &it->walks[0], &it->held[1]);
        if (it->done)
            return false;
        (void)map_structure(m, &it->held[1], 1, first_length, &it->n);
        it->i = 0;
    }
    *item_out = map_structure(m, &it->held[1], 1, row_of, &it->i);
    it->i++;
    return true;
}

static bool next_of_repeat(vm *m, struct iterator *it, value *item_out)
{
    const struct dataset *d = dataset_of(it->held[0]);
    for (bool fresh = false;; fresh = true) {
        if (walk_next(m, &it->walks[0], item_out))
            return true;
        it->done = fresh || (d->a >= 0 && ++it->i >= d->a);
        /* One iterator more is made at the end, whose seeds are gone; not where shuffle and repeat were fused, or repeat(1) dropped. */
        if (it->done && !fresh && d->a != 1 && dataset_of(input_of(it->held[0]))->kind != DATASET_SHUFFLE)
            (void)iterate_dataset(m, input_of(it->held[0]));
        if (it->done)
            return false;
        it->walks[0] = walk_start(m, iterate_dataset(m, input_of(it->held[0])));
    }
}

static bool next_of_part(vm *m, struct iterator *it, value *item_out)
{
    const struct dataset *d = dataset_of(it->held[0]);
    for (;;) {
        bool at_end = d->kind == DATASET_TAKE ? d->a >= 0 && it->i >= d->a : d->kind == DATASET_SKIP && d->a < 0;
        it->done = at_end || !walk_next(m, &it->walks[0], item_out);
        if (it->done)
            return false;
        int64_t i = it->i++;
        if (d->kind == DATASET_SKIP ? i >= d->a : d->kind == DATASET_SHARD ? i % d->a == d->b : true)
            return true;
    }
}

static bool next_of_filter(vm *m, struct iterator *it, value *item_out)
{
    for (;;) {
        it->done = !walk_next(m, &it->walks[0], item_out);
        if (it->done || truth(m, call_on_element(m, data_of(it->held[0]), *item_out)))
            return !it->done;
    }
}

static bool next_of_map(vm *m, struct iterator *it, value *item_out)
{
    it->done = !walk_next(m, &it->walks[0], item_out);
    if (!it->done) {
        *item_out = call_on_element(m, data_of(it->held[0]), *item_out);
        *item_out = map_structure(m, item_out, 1, as_tensor, NULL);
    }
    return !it->done;
}

/* The first iterator that gets to the end keeps all that it saw in the dataset. */
static bool next_of_cache(vm *m, struct iterator *it, value *item_out)
{
    it->done = !walk_next(m, &it->walks[0], item_out);
    if (!it->done && it->held[1].kind == V_LIST)
        append(m, it->held[1], *item_out);
    else if (it->done && it->held[1].kind == V_LIST && data_of(it->held[0]).kind == V_NONE)
        instance_of(it->held[0])->held[1] = it->held[1];
    return !it->done;
}

static bool next_of_concatenate(vm *m, struct iterator *it, value *item_out)
{
    while (!walk_next(m, &it->walks[0], item_out)) {
        it->done = it->i++ > 0;
        if (it->done)
            return false;
        it->walks[0] = walk_start(m, iterate_dataset(m, input_of(it->held[0]).u.seq->items[1]));
    }
    return true;
}

static bool next_of_zip(vm *m, struct iterator *it, value *item_out)
{
    *item_out = make_sequence(m, V_TUPLE, 0);
    for (size_t i = 0; i < it->n_walks; i++) {
        value item;
        it->done = !walk_next(m, &it->walks[i], &item);
        if (it->done)
            return false;
        append(m, *item_out, item);
    }
    return true;
}

static value iterate_dataset(vm *m, value v)
{
    static bool (*const nexts[])(vm * m, struct iterator * it, value * item_out) = {
        [DATASET_RANGE] = next_of_range,     [DATASET_SLICES] = next_of_slices,
        [DATASET_TENSORS] = next_of_slices,  [DATASET_RANDOM] = next_of_random,
        [DATASET_SHUFFLE] = next_of_shuffle, [DATASET_BATCH] = next_of_batch,
        [DATASET_UNBATCH] = next_of_unbatch, [DATASET_REPEAT] = next_of_repeat,
        [DATASET_TAKE] = next_of_part,       [DATASET_SKIP] = next_of_part,
        [DATASET_SHARD] = next_of_part,      [DATASET_PREFETCH] = next_of_part,
        [DATASET_CACHE] = next_of_cache,     [DATASET_MAP] = next_of_map,
        [DATASET_FILTER] = next_of_filter,   [DATASET_CONCATENATE] = next_of_concatenate,
        [DATASET_ZIP] = next_of_zip};
    struct dataset *d = dataset_of(v);
    value input = input_of(v);
    size_t n_walks = d->kind == DATASET_ZIP ? input.u.seq->n : input.kind != V_NONE;
    struct iterator *it = new_iterator(m, "OwnedIterator", nexts[d->kind], n_walks);
    it->held[0] = v;
    enter(m);
    if (d->kind == DATASET_RANGE || d->kind == DATASET_SLICES || d->kind == DATASET_TENSORS)
        it->n = cardinality(m, v);
    if (d->kind == DATASET_RANDOM) {
        int64_t seeds[2] = {d->seeds[0], d->seeds[1]};
        if (d->flag)
            oneseed_tensorflow_dataset_seeds(d->seeds, d->n_iterations++, seeds);
        it->held[1] = INT(seeds[0]);
        it->held[2] = INT(seeds[1]);
    }
    if (d->kind == DATASET_SHUFFLE)
        begin_shuffle(m, v, it);
    bool is_cached = d->kind == DATASET_CACHE && data_of(v).kind == V_LIST;
    if (d->kind == DATASET_CACHE && !is_cached)
        it->held[1] = make_sequence(m, V_LIST, 0);
    for (size_t i = 0; i < n_walks; i++) {
        value one = d->kind == DATASET_ZIP           ? input.u.seq->items[i]
                    : d->kind == DATASET_CONCATENATE ? input.u.seq->items[0]
                                                     : input;
        it->walks[i] = walk_start(m, is_cached ? data_of(v) : iterate_dataset(m, one));
    }
    leave(m);
    return iterator_value(it);
}

/* --- Methods ------------------------------------------------------------------------------------------------------------------------------- */

static value over(vm *m, value self, dataset_kind kind, value data)
{
    return new_dataset(m, kind, self, data, instance_of(self)->held[2]);
}

/* The seeds of a dataset that draws. */
static void take_seeds(vm *m, value dataset, value seed)
{
    tensorflow_operation_seeds(m, seed, dataset_of(dataset)->seeds);
}

static value dataset_shuffle(vm *m, value self, const struct arguments *arguments)
{
    value v[4];
    take_arguments(m, "shuffle", "buffer_size seed= reshuffle_each_iteration= name=", arguments, v);
    value out = over(m, self, DATASET_SHUFFLE, NONE);
    struct dataset *d = dataset_of(out);
    d->a = to_int64(m, v[0], "buffer_size");
    d->flag = is_none(v[2]) || truth(m, v[2]);
    if (d->a < 1 && d->a != UNKNOWN)
        invalid_argument(m, "buffer_size must be greater than zero or UNKNOWN_CARDINALITY [Op:ShuffleDatasetV3]");
    take_seeds(m, out, v[1]);
    return out;
}

static value dataset_batch(vm *m, value self, const struct arguments *arguments)
{
    value v[5];
    take_arguments(m, "batch", "batch_size drop_remainder= num_parallel_calls= deterministic= name=", arguments, v);
    value out = over(m, self, DATASET_BATCH, NONE), spec = instance_of(self)->held[2];
    struct dataset *d = dataset_of(out);
    d->a = to_int64(m, v[0], "batch_size");
    d->flag = v[1].kind != V_NOTHING && truth(m, v[1]);
    if (d->a < 1)
        invalid_argument(m, "Batch size must be greater than zero. [Op:BatchDatasetV2]");
    value size = d->flag ? INT(d->a) : NONE;
    instance_of(out)->held[2] = spec.kind == V_NONE ? NONE : map_structure(m, &spec, 1, batched_spec, &size);
    return out;
}

static value dataset_unbatch(vm *m, value self, const struct arguments *arguments)
{
    value name, spec = instance_of(self)->held[2];
    take_arguments(m, "unbatch", "name=", arguments, &name);
    value out = over(m, self, DATASET_UNBATCH, NONE);
    instance_of(out)->held[2] = spec.kind == V_NONE ? NONE : map_structure(m, &spec, 1, unbatched_spec, NULL);
    return out;
}

static value counted(vm *m, value self, dataset_kind kind, const char *name, const char *names, int64_t otherwise,
                     const struct arguments *arguments)
{
    value v[2];
    take_arguments(m, name, names, arguments, v);
    value out = over(m, self, kind, NONE);
    dataset_of(out)->a = is_none(v[0]) ? otherwise : to_int64(m, v[0], "count");
    return out;
}

static value dataset_repeat(vm *m, value self, const struct arguments *arguments)
{
    return counted(m, self, DATASET_REPEAT, "repeat", "count= name=", -1, arguments);
}

static value dataset_take(vm *m, value self, const struct arguments *arguments)
{
    return counted(m, self, DATASET_TAKE, "take", "count name=", -1, arguments);
}

static value dataset_skip(vm *m, value self, const struct arguments *arguments)
{
    return counted(m, self, DATASET_SKIP, "skip", "count name=", -1, arguments);
}

static value dataset_prefetch(vm *m, value self, const struct arguments *arguments)
{
    return counted(m, self, DATASET_PREFETCH, "prefetch", "buffer_size name=", -1, arguments);
}

static value dataset_cache(vm *m, value self, const struct arguments *arguments)
{
    value v[2];
    take_arguments(m, "cache", "filename= name=", arguments, v);
    if (!is_none(v[0]) && !(is_text(v[0]) && v[0].u.text->nbytes == 0))
        fail(m, "cache() into a file is not supported");
    return over(m, self, DATASET_CACHE, NONE);
}

static value dataset_shard(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    take_arguments(m, "shard", "num_shards index name=", arguments, v);
    value out = over(m, self, DATASET_SHARD, NONE);
    dataset_of(out)->a = to_int64(m, v[0], "num_shards");
    dataset_of(out)->b = to_int64(m, v[1], "index");
    if (dataset_of(out)->a < 1)
        invalid_argument(m, "Number of shards must be greater than zero [Op:ShardDataset]");
    if (dataset_of(out)->b < 0 || dataset_of(out)->b >= dataset_of(out)->a)
        invalid_argument(m, "Index must be between 0 and num_shards - 1 [Op:ShardDataset]");
    return out;
}

static value with_function(vm *m, value self, dataset_kind kind, value function)
{
    value out = over(m, self, kind, function);
    if (kind == DATASET_MAP)
        instance_of(out)->held[2] = NONE;
    return out;
}

static value dataset_map(vm *m, value self, const struct arguments *arguments)
{
    value v[6];
    take_arguments(m, "map", "map_func num_parallel_calls= deterministic= synchronous= use_unbounded_threadpool= name=",
                   arguments, v);
    return with_function(m, self, DATASET_MAP, v[0]);
}

static value dataset_filter(vm *m, value self, const struct arguments *arguments)
{
    value v[2];
    take_arguments(m, "filter", "predicate name=", arguments, v);
    return with_function(m, self, DATASET_FILTER, v[0]);
}

static value joined(vm *m, dataset_kind kind, value datasets, value spec)
{
    for (size_t i = 0; i < datasets.u.seq->n; i++)
        if (!is_dataset(datasets.u.seq->items[i]))
            type_error(m, "a dataset is needed, not '%s'", type_name(datasets.u.seq->items[i]));
    return new_dataset(m, kind, datasets, NONE, spec);
}

static value dataset_concatenate(vm *m, value self, const struct arguments *arguments)
{
    value v[2], both = make_sequence(m, V_TUPLE, 2);
    take_arguments(m, "concatenate", "dataset name=", arguments, v);
    both.u.seq->items[0] = self;
    both.u.seq->items[1] = v[0];
    return joined(m, DATASET_CONCATENATE, both, instance_of(self)->held[2]);
}

static value zipped(vm *m, value datasets)
{
    value spec = make_sequence(m, V_TUPLE, 0), out = joined(m, DATASET_ZIP, datasets, NONE);
    bool known = true;
    for (size_t i = 0; i < datasets.u.seq->n; i++) {
        append(m, spec, instance_of(datasets.u.seq->items[i])->held[2]);
        known = known && spec.u.seq->items[i].kind != V_NONE;
    }
    instance_of(out)->held[2] = known ? spec : NONE;
    return out;
}

static value range_dataset(vm *m, int64_t start, int64_t stop, int64_t by, dtype dt)
{
    value spec = make_spec(m, make_sequence(m, V_TUPLE, 0), tensorflow_dtype(dt));
    value v = new_dataset(m, DATASET_RANGE, NONE, tensorflow_dtype(dt), spec);
    dataset_of(v)->a = start;
    dataset_of(v)->b = stop;
    dataset_of(v)->c = by;
    if (by == 0)
        invalid_argument(m, "step must be a non-zero integer. [Op:RangeDataset]");
    return v;
}

static value dataset_enumerate(vm *m, value self, const struct arguments *arguments)
{
    value v[2], both = make_sequence(m, V_TUPLE, 2);
    take_arguments(m, "enumerate", "start= name=", arguments, v);
    int64_t start = is_none(v[0]) ? 0 : to_int64(m, v[0], "start");
    both.u.seq->items[0] = range_dataset(m, start, INT64_MAX, 1, DT_INT64);
    both.u.seq->items[1] = self;
    return zipped(m, both);
}

static bool next_as_numpy(vm *m, struct iterator *it, value *item_out)
{
    it->done = !walk_next(m, &it->walks[0], item_out);
    if (!it->done)
        *item_out = map_structure(m, item_out, 1, as_numpy, NULL);
    return !it->done;
}

static value dataset_as_numpy_iterator(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "as_numpy_iterator", arguments);
    struct iterator *it = new_iterator(m, "NumpyIterator", next_as_numpy, 1);
    it->walks[0] = walk_start(m, iterate_dataset(m, self));
    return iterator_value(it);
}

static value dataset_cardinality(vm *m, value self, const struct arguments *arguments)
{
    value name;
    take_arguments(m, "cardinality", "name=", arguments, &name);
    return tensorflow_scalar(m, DT_INT64, INT(cardinality(m, self)));
}

static value dataset_spec(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "element_spec", arguments);
    if (instance_of(self)->held[2].kind == V_NONE)
        fail(m, "the element_spec of a dataset with map() is not known without running its function");
    return instance_of(self)->held[2];
}

static uint64_t dataset_length(vm *m, value self)
{
    int64_t n = cardinality(m, self);
    if (n < 0)
        type_error(m, "%s", n == INFINITE ? "The dataset is infinite." : "The dataset length is unknown.");
    return (uint64_t)n;
}

static void put_dataset(struct writer *w, value self)
{
    static const char *const names[] = {
        [DATASET_RANGE] = "_RangeDataset",     [DATASET_SLICES] = "_TensorSliceDataset",
        [DATASET_TENSORS] = "_TensorDataset",  [DATASET_RANDOM] = "_RandomDataset",
        [DATASET_SHUFFLE] = "_ShuffleDataset", [DATASET_BATCH] = "_BatchDataset",
        [DATASET_UNBATCH] = "_UnbatchDataset", [DATASET_REPEAT] = "_RepeatDataset",
        [DATASET_TAKE] = "_TakeDataset",       [DATASET_SKIP] = "_SkipDataset",
        [DATASET_SHARD] = "_ShardDataset",     [DATASET_PREFETCH] = "_PrefetchDataset",
        [DATASET_CACHE] = "CacheDataset",      [DATASET_MAP] = "_MapDataset",
        [DATASET_FILTER] = "_FilterDataset",   [DATASET_CONCATENATE] = "_ConcatenateDataset",
        [DATASET_ZIP] = "_ZipDataset"};
    put_format(w, "<%s element_spec=", names[dataset_of(self)->kind]);
    put_repr(w, dataset_spec(w->m, self, &(struct arguments){0}));
    put_text(w, ">");
}

#define METHOD(name)                                                                                                   \
    {                                                                                                                  \
#name, dataset_##name, NATIVE_FUNCTION, 0                                                                      \
    }
static const struct native dataset_methods[] = {METHOD(shuffle),
                                                METHOD(batch),
                                                METHOD(unbatch),
                                                METHOD(repeat),
                                                METHOD(take),
                                                METHOD(skip),
                                                METHOD(prefetch),
                                                METHOD(cache),
                                                METHOD(shard),
                                                METHOD(map),
                                                METHOD(filter),
                                                METHOD(concatenate),
                                                METHOD(enumerate),
                                                METHOD(as_numpy_iterator),
                                                METHOD(cardinality),
                                                {"element_spec", dataset_spec, NATIVE_PROPERTY, 0},
                                                {NULL, NULL, NATIVE_FUNCTION, 0}};
static const struct object_class dataset_class = {.name = "Dataset",
                                                  .methods = dataset_methods,
                                                  .put = put_dataset,
                                                  .iterate = iterate_dataset,
                                                  .length = dataset_length};

/* --- tf.data.Dataset -------------------------------------------------------------------------------------------------------------------------- */

static value tf_range(vm *m, value self, const struct arguments *arguments)
{
    value v[2];
    int64_t bounds[3] = {0, 0, 1};
    (void)self;
    struct arguments keywords = *arguments;
    keywords.n_positional = 0;
    take_arguments(m, "range", "* output_type= name=", &keywords, v);
    size_t n = arguments->n_positional;
    if (n < 1 || n > 3)
        value_error(m, "`*args` should contain between 1 and 3 integers, got %zu.", n);
    for (size_t i = 0; i < n; i++)
        bounds[n == 1 ? 1 : i] = to_int64(m, arguments->positional[i], "a bound");
    return range_dataset(m, bounds[0], bounds[1], bounds[2], tensorflow_dtype_from(m, v[0], DT_INT64));
}

static value from_tensors(vm *m, dataset_kind kind, const char *name, const struct arguments *arguments)
{
    value v[2];
    int64_t length = -1;
    take_arguments(m, name, "tensors name=", arguments, v);
    value data = map_structure(m, v, 1, as_tensor, NULL);
    if (kind == DATASET_SLICES)
        (void)map_structure(m, &data, 1, first_length, &length);
    value spec = map_structure(m, &data, 1, spec_of, kind == DATASET_SLICES ? &length : NULL);
    value out = new_dataset(m, kind, NONE, data, spec);
    dataset_of(out)->a = kind == DATASET_SLICES ? length : 1;
    return out;
}

static value tf_from_tensor_slices(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return from_tensors(m, DATASET_SLICES, "from_tensor_slices", arguments);
}

static value tf_from_tensors(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return from_tensors(m, DATASET_TENSORS, "from_tensors", arguments);
}

static value tf_random(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    (void)self;
    take_arguments(m, "random", "seed= rerandomize_each_iteration= name=", arguments, v);
    value out = new_dataset(m, DATASET_RANDOM, NONE, NONE,
                            make_spec(m, make_sequence(m, V_TUPLE, 0), tensorflow_dtype(DT_INT64)));
    dataset_of(out)->flag = !is_none(v[1]) && truth(m, v[1]);
    take_seeds(m, out, v[0]);
    return out;
}

static value tf_zip(vm *m, value self, const struct arguments *arguments)
{
    value tuple = make_sequence(m, V_TUPLE, 0);
    (void)self;
    if (arguments->n_named > 0)
        type_error(m, "zip() takes datasets alone here");
    for (size_t i = 0; i < arguments->n_positional; i++)
        append(m, tuple, arguments->positional[i]);
    if (tuple.u.seq->n == 1 && tuple.u.seq->items[0].kind == V_TUPLE)
        tuple = tuple.u.seq->items[0];
    return zipped(m, tuple);
}

static const struct native dataset_functions[] = {{"range", tf_range, NATIVE_FUNCTION, 0},
                                                  {"from_tensor_slices", tf_from_tensor_slices, NATIVE_FUNCTION, 0},
                                                  {"from_tensors", tf_from_tensors, NATIVE_FUNCTION, 0},
                                                  {"random", tf_random, NATIVE_FUNCTION, 0},
                                                  {"zip", tf_zip, NATIVE_FUNCTION, 0},
                                                  {NULL, NULL, NATIVE_FUNCTION, 0}};
static const struct native none[] = {{NULL, NULL, NATIVE_FUNCTION, 0}};

static value constants(vm *m, const char *name)
{
    (void)m;
    return strcmp(name, "AUTOTUNE") == 0               ? INT(-1)
           : strcmp(name, "INFINITE_CARDINALITY") == 0 ? INT(INFINITE)
           : strcmp(name, "UNKNOWN_CARDINALITY") == 0  ? INT(UNKNOWN)
                                                       : NOTHING;
}

const struct module module_tensorflow_data_dataset = {"tensorflow.data.Dataset", dataset_functions, NULL, NULL};
static const struct module module_experimental = {"tensorflow.data.experimental", none, constants, NULL};

static value data_lookup(vm *m, const char *name)
{
    return strcmp(name, "Dataset") == 0        ? MODULE(&module_tensorflow_data_dataset)
           : strcmp(name, "experimental") == 0 ? MODULE(&module_experimental)
                                               : constants(m, name);
}

const struct module module_tensorflow_data = {"tensorflow.data", none, data_lookup, NULL};
