/* bind_torch_data.c - torch.utils.data: datasets, samplers, random_split and DataLoader.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp */

#include "draw/bind_torch.h"
#include "draw/iterators.h" /* new_iterator */
#include "draw/object.h"    /* struct instance */
#include "draw/syntax.h"    /* tree_memory */

static void refuse_data(vm *m, oneseed_status status, int64_t x)
{
    const char *text = oneseed_status_text(status);
    if (status == ONESEED_OK)
        return;
    if (status == ONESEED_TORCH_NUM_SAMPLES || status == ONESEED_TORCH_BATCH_SIZE)
        value_error(m, "%s%lld", text, (long long)x);
    if (status == ONESEED_TORCH_SAMPLER_EMPTY)
        fail(m, "ZeroDivisionError: %s", text);
    if (status == ONESEED_TORCH_SPLIT_FRACTION || status == ONESEED_TORCH_SPLIT_SUM || status == ONESEED_TORCH_RANK)
        value_error(m, "%s", text);
    torch_refuse(m, status, &(struct torch_draw){.dt = DT_FLOAT64});
}

/* --- Datasets ------------------------------------------------------------------------------------------------------------ */

static value subset_item(vm *m, value self, value index)
{
    value indices = instance_of(self)->held[1];
    if (index.kind == V_SLICE || is_sequence(index))
        fail(m, "a Subset takes one index here");
    return get_item(m, instance_of(self)->held[0], get_item(m, indices, index));
}

static uint64_t subset_length(vm *m, value self)
{
    return value_length(m, instance_of(self)->held[1]);
}

static value items_of(vm *m, value self)
{
    value list = make_sequence(m, V_LIST, 0);
    uint64_t n = value_length(m, self);
    for (uint64_t i = 0; i < n; i++)
        append(m, list, get_item(m, self, INT((int64_t)i)));
    return list;
}

static value subset_attribute(vm *m, value self, const char *name)
{
    (void)m;
    return strcmp(name, "dataset") == 0   ? instance_of(self)->held[0]
           : strcmp(name, "indices") == 0 ? instance_of(self)->held[1]
                                          : NOTHING;
}

static const struct object_class subset_class = {
    .name = "Subset", .attribute = subset_attribute, .iterate = items_of, .length = subset_length, .item = subset_item};

static value new_subset(vm *m, value dataset, value indices)
{
    value v = new_instance(m, &subset_class, sizeof(struct instance), 2);
    instance_of(v)->held[0] = dataset;
    instance_of(v)->held[1] = indices;
    return v;
}

static value data_subset(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "Subset", "dataset indices", arguments, a);
    return new_subset(m, a[0], a[1]);
}

static value tensors_item(vm *m, value self, value index)
{
    value tensors = instance_of(self)->held[0], row = make_sequence(m, V_TUPLE, tensors.u.seq->n);
    for (size_t i = 0; i < tensors.u.seq->n; i++)
        row.u.seq->items[i] = get_item(m, tensors.u.seq->items[i], index);
    return row;
}

static uint64_t tensors_length(vm *m, value self)
{
    return value_length(m, instance_of(self)->held[0].u.seq->items[0]);
}

static value tensors_attribute(vm *m, value self, const char *name)
{
    (void)m;
    return strcmp(name, "tensors") == 0 ? instance_of(self)->held[0] : NOTHING;
}

static const struct object_class tensors_class = {.name = "TensorDataset",
                                                  .attribute = tensors_attribute,
                                                  .iterate = items_of,
                                                  .length = tensors_length,
                                                  .item = tensors_item};

static value data_tensors(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    if (arguments->n_named > 0 || arguments->n_positional == 0)
        type_error(m, "TensorDataset() takes tensors");
    value v = new_instance(m, &tensors_class, sizeof(struct instance), 1);
    value tuple = make_sequence(m, V_TUPLE, arguments->n_positional);
    for (size_t i = 0; i < arguments->n_positional; i++) {
        tuple.u.seq->items[i] = arguments->positional[i];
        const struct array *a = tensor_of(m, arguments->positional[i], "a tensor of TensorDataset")->array;
        const struct array *first = arguments->positional[0].u.tensor->array;
        if (a->n_dims == 0 || a->shape[0] != first->shape[0])
            fail(m, "AssertionError: Size mismatch between tensors");
    }
    instance_of(v)->held[0] = tuple;
    return v;
}

/* --- Samplers ------------------------------------------------------------------------------------------------------------ */

struct sampler { /* held: the generator, what the indices or weights are of */
    struct instance base;
    oneseed_torch_sampler description;
};

static struct sampler *sampler_of(value v)
{
    return (struct sampler *)(void *)v.u.o;
}

static uint64_t sampler_length(vm *m, value self)
{
    int64_t n;
    size_t n_work;
    const oneseed_torch_sampler *s = &sampler_of(self)->description;
    refuse_data(m, oneseed_torch_sampler_size(s, &n, &n_work), s->num_samples);
    return (uint64_t)n;
}

/* One pass. A sampler that draws nothing asks for no seed. */
static value sampler_indices(vm *m, value self)
{
    const struct sampler *s = sampler_of(self);
    const oneseed_torch_sampler *d = &s->description;
    int64_t n;
    size_t n_work;
    refuse_data(m, oneseed_torch_sampler_size(d, &n, &n_work), d->num_samples);
    bool draws = d->kind != ONESEED_TORCH_SEQUENTIAL && d->kind != ONESEED_TORCH_DISTRIBUTED;
    value given = s->base.held[0];
    oneseed_torch scratch = {.version = m->settings.torch_version}, *generator = NULL, *global = &scratch;
    if (draws && given.kind != V_NONE)
        generator = &torch_drawing(m, given, DEVICE_CPU)->state;
    else if (draws)
        global = &torch_drawing(m, NONE, DEVICE_CPU)->state;
    int64_t *work = tree_memory(m, (n_work + 1) * sizeof *work), *out = tree_memory(m, ((size_t)n + 1) * sizeof *out);
    step(m, (uint64_t)n + n_work);
    refuse_data(m, oneseed_torch_sampler_fill(global, generator, d, work, out), d->num_samples);
    value list = make_sequence(m, V_LIST, (size_t)n);
    for (int64_t i = 0; i < n; i++)
        list.u.seq->items[i] = INT(out[i]);
    return list;
}

static value sampler_attribute(vm *m, value self, const char *name)
{
    if (strcmp(name, "num_samples") == 0)
        return INT((int64_t)sampler_length(m, self));
    return strcmp(name, "generator") == 0 ? instance_of(self)->held[0] : NOTHING;
}

static value distributed_set_epoch(vm *m, value self, const struct arguments *arguments)
{
    value epoch;
    take_arguments(m, "set_epoch", "epoch", arguments, &epoch);
    sampler_of(self)->description.epoch = (uint64_t)torch_int(m, "set_epoch", epoch, "epoch");
    return NONE;
}

static const struct native distributed_methods[] = {{"set_epoch", distributed_set_epoch, NATIVE_FUNCTION, 0},
                                                    {NULL, NULL, NATIVE_FUNCTION, 0}};

#define SAMPLER(variable, name_, methods_)                                                                             \
    static const struct object_class variable = {.name = name_,                                                        \
                                                 .methods = methods_,                                                  \
                                                 .attribute = sampler_attribute,                                       \
                                                 .iterate = sampler_indices,                                           \
                                                 .length = sampler_length};
SAMPLER(sequential_class, "SequentialSampler", NULL)
SAMPLER(random_class, "RandomSampler", NULL)
SAMPLER(subset_random_class, "SubsetRandomSampler", NULL)
SAMPLER(weighted_class, "WeightedRandomSampler", NULL)
SAMPLER(distributed_class, "DistributedSampler", distributed_methods)

static value new_sampler(vm *m, const struct object_class *class, oneseed_torch_sampler_kind kind, value data)
{
    value v = new_instance(m, class, sizeof(struct sampler), 2);
    sampler_of(v)->description.kind = kind;
    if (data.kind != V_NONE)
        sampler_of(v)->description.n_data = (int64_t)value_length(m, data);
    return v;
}

static value data_sequential(vm *m, value self, const struct arguments *arguments)
{
    value data;
    (void)self;
    take_arguments(m, "SequentialSampler", "data_source", arguments, &data);
    return new_sampler(m, &sequential_class, ONESEED_TORCH_SEQUENTIAL, data);
}

static value new_random_sampler(vm *m, value data, value generator)
{
    value v = new_sampler(m, &random_class, ONESEED_TORCH_RANDOM, data);
    instance_of(v)->held[0] = is_none(generator) ? NONE : generator;
    (void)sampler_length(m, v); /* refused at once */
    return v;
}

static value data_random(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "RandomSampler", "data_source replacement= num_samples= generator=", arguments, a);
    value v = new_sampler(m, &random_class, ONESEED_TORCH_RANDOM, a[0]);
    oneseed_torch_sampler *d = &sampler_of(v)->description;
    d->replacement = a[1].kind != V_NOTHING && truth(m, a[1]);
    if (!is_none(a[2])) {
        d->num_samples = torch_int(m, "RandomSampler", a[2], "num_samples");
        if (d->num_samples <= 0)
            refuse_data(m, ONESEED_TORCH_NUM_SAMPLES, d->num_samples);
    }
    instance_of(v)->held[0] = is_none(a[3]) ? NONE : a[3];
    (void)sampler_length(m, v);
    return v;
}

static value data_subset_random(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "SubsetRandomSampler", "indices generator=", arguments, a);
    value list = to_list(m, a[0]), v = new_sampler(m, &subset_random_class, ONESEED_TORCH_SUBSET_RANDOM, list);
    int64_t n = (int64_t)list.u.seq->n;
    struct array *indices = array_new(m, DT_INT64, 1, &n, 0);
    int64_t *at = (int64_t *)(void *)indices->buffer->bytes;
    for (int64_t i = 0; i < n; i++)
        at[i] = torch_int(m, "SubsetRandomSampler", list.u.seq->items[i], "indices");
    instance_of(v)->held[0] = is_none(a[1]) ? NONE : a[1];
    instance_of(v)->held[1] = array_value(indices);
    sampler_of(v)->description.indices = at;
    return v;
}

static value data_weighted(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "WeightedRandomSampler", "weights num_samples replacement= generator=", arguments, a);
    value list = a[0].kind == V_TENSOR ? array_to_list(m, tensor_values(m, a[0], "the weights")) : to_list(m, a[0]);
    value v = new_sampler(m, &weighted_class, ONESEED_TORCH_WEIGHTED_RANDOM, list);
    int64_t n = (int64_t)list.u.seq->n;
    struct array *weights = array_new(m, DT_FLOAT64, 1, &n, 0);
    double *at = (double *)(void *)weights->buffer->bytes;
    for (int64_t i = 0; i < n; i++)
        at[i] = torch_double(m, "WeightedRandomSampler", list.u.seq->items[i], "weights");
    oneseed_torch_sampler *d = &sampler_of(v)->description;
    d->weights = at;
    d->num_samples = torch_int(m, "WeightedRandomSampler", a[1], "num_samples");
    d->replacement = a[2].kind == V_NOTHING || truth(m, a[2]);
    instance_of(v)->held[0] = is_none(a[3]) ? NONE : a[3];
    instance_of(v)->held[1] = array_value(weights);
    (void)sampler_length(m, v);
    return v;
}

static value data_distributed(vm *m, value self, const struct arguments *arguments)
{
    value a[6];
    (void)self;
    take_arguments(m, "DistributedSampler", "dataset num_replicas= rank= shuffle= seed= drop_last=", arguments, a);
    if (is_none(a[1]) || is_none(a[2]))
        fail(m, "RuntimeError: DistributedSampler() needs num_replicas and rank: there is no process group here");
    value v = new_sampler(m, &distributed_class, ONESEED_TORCH_DISTRIBUTED, a[0]);
    oneseed_torch_sampler *d = &sampler_of(v)->description;
    d->num_replicas = torch_int(m, "DistributedSampler", a[1], "num_replicas");
    d->rank = torch_int(m, "DistributedSampler", a[2], "rank");
    d->shuffle = a[3].kind == V_NOTHING || truth(m, a[3]);
    d->seed = a[4].kind == V_NOTHING ? 0 : (uint64_t)torch_int(m, "DistributedSampler", a[4], "seed");
    d->drop_last = a[5].kind != V_NOTHING && truth(m, a[5]);
    if (d->rank >= d->num_replicas || d->rank < 0)
        value_error(m, "Invalid rank %lld, rank should be in the interval [0, %lld]", (long long)d->rank,
                    (long long)d->num_replicas - 1);
    (void)sampler_length(m, v);
    return v;
}

/* BatchSampler. Held: the sampler, batch_size, drop_last. */
static value chunks(vm *m, value indices, int64_t batch_size, bool drop_last)
{
    value batches = make_sequence(m, V_LIST, 0);
    size_t n = indices.u.seq->n;
    for (size_t i = 0; i < n; i += (size_t)batch_size) {
        size_t left = n - i, now = left < (size_t)batch_size ? left : (size_t)batch_size;
        if (drop_last && now < (size_t)batch_size)
            break;
        value batch = make_sequence(m, V_LIST, now);
        memcpy(batch.u.seq->items, indices.u.seq->items + i, now * sizeof(value));
        append(m, batches, batch);
    }
    return batches;
}

static value batches_iterate(vm *m, value self)
{
    const value *held = instance_of(self)->held;
    return chunks(m, to_list(m, held[0]), held[1].u.i, held[2].u.i != 0);
}

static uint64_t n_batches(vm *m, uint64_t n, int64_t batch_size, bool drop_last)
{
    int64_t count;
    refuse_data(m, oneseed_torch_batch_count((int64_t)n, batch_size, drop_last, &count), batch_size);
    return (uint64_t)count;
}

static uint64_t batches_length(vm *m, value self)
{
    const value *held = instance_of(self)->held;
    return n_batches(m, value_length(m, held[0]), held[1].u.i, held[2].u.i != 0);
}

static const struct object_class batches_class = {
    .name = "BatchSampler", .iterate = batches_iterate, .length = batches_length};

static value data_batches(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "BatchSampler", "sampler batch_size drop_last", arguments, a);
    value v = new_instance(m, &batches_class, sizeof(struct instance), 3);
    int64_t batch_size = torch_int(m, "BatchSampler", a[1], "batch_size");
    if (batch_size <= 0)
        refuse_data(m, ONESEED_TORCH_BATCH_SIZE, batch_size);
    instance_of(v)->held[0] = a[0];
    instance_of(v)->held[1] = INT(batch_size);
    instance_of(v)->held[2] = BOOL(truth(m, a[2]));
    return v;
}

/* --- random_split ------------------------------------------------------------------------------------------------------------ */

static value data_random_split(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "random_split", "dataset lengths generator=", arguments, a);
    value list = to_list(m, a[1]), splits = make_sequence(m, V_LIST, 0);
    size_t n_lengths = list.u.seq->n, n = (size_t)value_length(m, a[0]), at = 0;
    double *lengths = tree_memory(m, (n_lengths + 1) * sizeof *lengths);
    int64_t *found = tree_memory(m, (n_lengths + 1) * sizeof *found), *order = tree_memory(m, (n + 1) * sizeof *order);
    for (size_t i = 0; i < n_lengths; i++)
        lengths[i] = torch_double(m, "random_split", list.u.seq->items[i], "lengths");
    struct torch_generator *g = torch_drawing(m, a[2], DEVICE_CPU);
    step(m, n);
    refuse_data(m,
                oneseed_torch_random_split_fill(&g->state, lengths, n_lengths, m->settings.python_version, (int64_t)n,
                                                found, order),
                0);
    for (size_t i = 0; i < n_lengths; i++) {
        value indices = make_sequence(m, V_LIST, (size_t)found[i]);
        for (int64_t k = 0; k < found[i]; k++)
            indices.u.seq->items[k] = INT(order[at++]);
        append(m, splits, new_subset(m, a[0], indices));
    }
    return splits;
}

/* --- default_collate ------------------------------------------------------------------------------------------------------- */

static value collate(vm *m, value batch);

static value collate_columns(vm *m, value batch)
{
    value columns = make_sequence(m, V_LIST, 0);
    size_t n = batch.u.seq->n, width = batch.u.seq->items[0].u.seq->n;
    for (size_t k = 0; k < width; k++) {
        value column = make_sequence(m, V_TUPLE, n); /* zip() gives tuples: strings stay one */
        for (size_t i = 0; i < n; i++) {
            value row = batch.u.seq->items[i];
            if (!is_sequence(row) || row.u.seq->n != width)
                fail(m, "RuntimeError: each element in list of batch should be of equal size");
            column.u.seq->items[i] = row.u.seq->items[k];
        }
        append(m, columns, collate(m, column));
    }
    return columns;
}

static value collate_dicts(vm *m, value batch)
{
    value out = make_dict(m);
    const struct dict *first = batch.u.seq->items[0].u.dict;
    for (size_t e = 0; e < first->n_entries; e++) {
        if (!first->entries[e].used)
            continue;
        value column = make_sequence(m, V_LIST, 0);
        for (size_t i = 0; i < batch.u.seq->n; i++)
            append(m, column, get_item(m, batch.u.seq->items[i], first->entries[e].key));
        dict_put(m, out.u.dict, first->entries[e].key, collate(m, column));
    }
    return out;
}

static value call_tensor(vm *m, const char *function, value argument, const char *name, value named)
{
    struct arguments arguments = {&argument, 1, &name, &named, named.kind == V_NOTHING ? 0 : 1};
    return get_attribute(m, MODULE(&module_torch), function).u.native->call(m, NONE, &arguments);
}

/* The first element's type decides (torch/utils/data/_utils/collate.py, 1.13 to 2.13). */
static value collate(vm *m, value batch)
{
    value first = batch.u.seq->items[0], result;
    enter(m);
    if (first.kind == V_TENSOR) {
        result = call_tensor(m, "stack", batch, "dim", INT(0));
    } else if (first.kind == V_FLOAT) {
        result = call_tensor(m, "tensor", batch, "dtype", TORCH_DTYPE(DT_FLOAT64));
    } else if (first.kind == V_INT || first.kind == V_BOOL) {
        result = call_tensor(m, "tensor", batch, "", NOTHING);
    } else if (first.kind == V_STR || first.kind == V_BYTES) {
        result = batch;
    } else if (first.kind == V_DICT) {
        result = collate_dicts(m, batch);
    } else if (first.kind == V_TUPLE || first.kind == V_LIST) {
        result = collate_columns(m, batch);
    } else if (first.kind == V_ARRAY || first.kind == V_SCALAR) {
        value tensors = make_sequence(m, V_LIST, 0);
        for (size_t i = 0; i < batch.u.seq->n; i++)
            append(m, tensors, make_tensor(m, array_copy(m, array_from(m, batch.u.seq->items[i], DT_NONE))));
        result = call_tensor(m, "stack", tensors, "dim", INT(0));
    } else {
        type_error(m, "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found %s",
                   type_name(first));
    }
    leave(m);
    return result;
}

static value data_collate(vm *m, value self, const struct arguments *arguments)
{
    value batch;
    (void)self;
    take_arguments(m, "default_collate", "batch", arguments, &batch);
    value list = batch.kind == V_TUPLE ? batch : to_list(m, batch); /* strings stay in the batch as it is */
    if (list.u.seq->n == 0)
        fail(m, "IndexError: list index out of range");
    return collate(m, list);
}

/* --- DataLoader ------------------------------------------------------------------------------------------------------------ */

enum { LOADER_DATASET, LOADER_SAMPLER, LOADER_BATCHES, LOADER_GENERATOR, LOADER_COLLATE, N_HELD_BY_LOADER };

struct loader {
    struct instance base;
    int64_t batch_size, n_workers; /* batch_size 0: None */
    bool drop_last;
};

static struct loader *loader_of(value v)
{
    return (struct loader *)(void *)v.u.o;
}

/* What comes in which order: lists of indices, or with batch_size None indices. */
static value loader_order(vm *m, const struct loader *l)
{
    if (l->base.held[LOADER_BATCHES].kind != V_NONE)
        return to_list(m, l->base.held[LOADER_BATCHES]);
    value indices = to_list(m, l->base.held[LOADER_SAMPLER]);
    return l->batch_size == 0 ? indices : chunks(m, indices, l->batch_size, l->drop_last);
}

/* The sampler draws when the first batch is asked for; with workers, when the iterator is made. */
static bool loader_next(vm *m, struct iterator *it, value *item_out)
{
    const struct loader *l = loader_of(it->held[0]);
    if (it->held[1].kind == V_NONE)
        it->held[1] = loader_order(m, l);
    if ((size_t)it->i >= it->held[1].u.seq->n) {
        it->done = true;
        return false;
    }
    value batch = it->held[1].u.seq->items[it->i++], dataset = l->base.held[LOADER_DATASET];
    value collate_fn = l->base.held[LOADER_COLLATE];
    bool single = l->batch_size == 0 && l->base.held[LOADER_BATCHES].kind == V_NONE;
    value items;
    if (single) {
        items = get_item(m, dataset, batch);
    } else {
        value indices = to_list(m, batch);
        items = make_sequence(m, V_LIST, 0);
        for (size_t i = 0; i < indices.u.seq->n; i++)
            append(m, items, get_item(m, dataset, indices.u.seq->items[i]));
    }
    struct arguments one = {.positional = &items, .n_positional = 1};
    *item_out = collate_fn.kind != V_NONE ? call(m, collate_fn, &one) : single ? items : data_collate(m, NONE, &one);
    return true;
}

static value loader_iterate(vm *m, value self)
{
    const struct loader *l = loader_of(self);
    value generator = l->base.held[LOADER_GENERATOR];
    struct iterator *it = new_iterator(
        m, l->n_workers > 0 ? "_MultiProcessingDataLoaderIter" : "_SingleProcessDataLoaderIter", loader_next, 0);
    it->held[0] = self;
    it->held[1] = NONE;
    /* The base seed. Without a seed nothing that is drawn can show: the sampler asks for one, if it draws. */
    value drawn = generator.kind == V_NONE ? torch_default_generator(m) : generator;
    if (drawn.kind != V_TORCH)
        type_error(m, "the generator of a DataLoader must be torch.Generator, not %s", type_name(drawn));
    if (torch_generator_of(drawn)->seeded)
        (void)oneseed_torch_loader_base_seed(&torch_drawing(m, drawn, DEVICE_CPU)->state);
    if (l->n_workers > 0)
        it->held[1] = loader_order(m, l);
    return iterator_value(it);
}

static uint64_t loader_length(vm *m, value self)
{
    const struct loader *l = loader_of(self);
    if (l->base.held[LOADER_BATCHES].kind != V_NONE)
        return value_length(m, l->base.held[LOADER_BATCHES]);
    uint64_t n = value_length(m, l->base.held[LOADER_SAMPLER]);
    return l->batch_size == 0 ? n : n_batches(m, n, l->batch_size, l->drop_last);
}

static value loader_attribute(vm *m, value self, const char *name)
{
    const struct loader *l = loader_of(self);
    static const char *const names[] = {"dataset", "sampler", "batch_sampler", "generator", "collate_fn"};
    for (int i = 0; i < N_HELD_BY_LOADER; i++)
        if (strcmp(name, names[i]) == 0)
            return l->base.held[i];
    (void)m;
    return strcmp(name, "batch_size") == 0    ? (l->batch_size == 0 ? NONE : INT(l->batch_size))
           : strcmp(name, "num_workers") == 0 ? INT(l->n_workers)
           : strcmp(name, "drop_last") == 0   ? BOOL(l->drop_last)
                                              : NOTHING;
}

static const struct object_class loader_class = {
    .name = "DataLoader", .attribute = loader_attribute, .iterate = loader_iterate, .length = loader_length};

static bool given(value v)
{
    return !is_none(v);
}

static value data_loader(vm *m, value self, const struct arguments *arguments)
{
    enum {
        DATASET,
        BATCH_SIZE,
        SHUFFLE,
        SAMPLER_,
        BATCH_SAMPLER,
        WORKERS,
        COLLATE,
        PIN,
        DROP_LAST,
        TIMEOUT,
        INIT,
        CONTEXT,
        GENERATOR,
        PREFETCH,
        PERSISTENT,
        N_ARGUMENTS
    };
    value a[N_ARGUMENTS];
    (void)self;
    take_arguments(
        m, "DataLoader",
        "dataset batch_size= shuffle= sampler= batch_sampler= num_workers= collate_fn= pin_memory= drop_last= "
        "timeout= worker_init_fn= multiprocessing_context= generator= * prefetch_factor= persistent_workers=",
        arguments, a);
    value v = new_instance(m, &loader_class, sizeof(struct loader), N_HELD_BY_LOADER);
    struct loader *l = loader_of(v);
    bool shuffle = given(a[SHUFFLE]) && truth(m, a[SHUFFLE]);
    l->n_workers = given(a[WORKERS]) ? torch_int(m, "DataLoader", a[WORKERS], "num_workers") : 0;
    l->drop_last = given(a[DROP_LAST]) && truth(m, a[DROP_LAST]);
    l->batch_size = a[BATCH_SIZE].kind == V_NOTHING ? 1
                    : a[BATCH_SIZE].kind == V_NONE  ? 0
                                                    : torch_int(m, "DataLoader", a[BATCH_SIZE], "batch_size");
    if (l->n_workers < 0)
        value_error(m, "num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.");
    if (given(a[PERSISTENT]) && truth(m, a[PERSISTENT]))
        fail(m, "DataLoader(persistent_workers=True) is not supported");
    if (shuffle && given(a[SAMPLER_]))
        value_error(m, "sampler option is mutually exclusive with shuffle");
    if (given(a[BATCH_SAMPLER]) && (l->batch_size != 1 || shuffle || given(a[SAMPLER_]) || l->drop_last))
        value_error(m, "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last");
    if (l->batch_size == 0 && a[BATCH_SIZE].kind == V_NONE && l->drop_last)
        value_error(m, "batch_size=None option disables auto-batching and is mutually exclusive with drop_last");
    if (!given(a[BATCH_SAMPLER]) && a[BATCH_SIZE].kind != V_NONE && l->batch_size <= 0)
        refuse_data(m, ONESEED_TORCH_BATCH_SIZE, l->batch_size);
    l->base.held[LOADER_DATASET] = a[DATASET];
    l->base.held[LOADER_GENERATOR] = given(a[GENERATOR]) ? a[GENERATOR] : NONE;
    l->base.held[LOADER_COLLATE] = given(a[COLLATE]) ? a[COLLATE] : NONE;
    l->base.held[LOADER_BATCHES] = given(a[BATCH_SAMPLER]) ? a[BATCH_SAMPLER] : NONE;
    l->base.held[LOADER_SAMPLER] = given(a[SAMPLER_]) ? a[SAMPLER_]
                                   : shuffle          ? new_random_sampler(m, a[DATASET], a[GENERATOR])
                                             : new_sampler(m, &sequential_class, ONESEED_TORCH_SEQUENTIAL, a[DATASET]);
    return v;
}

#define CLASS(name, function)                                                                                          \
    {                                                                                                                  \
        name, function, NATIVE_CLASS, 0                                                                                \
    }
const struct native torch_distributed_functions[] = {CLASS("DistributedSampler", data_distributed),
                                                     {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native torch_data_functions[] = {CLASS("DataLoader", data_loader),
                                              CLASS("TensorDataset", data_tensors),
                                              CLASS("Subset", data_subset),
                                              CLASS("SequentialSampler", data_sequential),
                                              CLASS("RandomSampler", data_random),
                                              CLASS("SubsetRandomSampler", data_subset_random),
                                              CLASS("WeightedRandomSampler", data_weighted),
                                              CLASS("DistributedSampler", data_distributed),
                                              CLASS("BatchSampler", data_batches),
                                              {"random_split", data_random_split, NATIVE_FUNCTION, 0},
                                              {"default_collate", data_collate, NATIVE_FUNCTION, 0},
                                              {NULL, NULL, NATIVE_FUNCTION, 0}};
