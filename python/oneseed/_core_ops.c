/* _core_ops.c - operations of PyTorch, with the digests of what went in and what came out.
 * SPDX-License-Identifier: MIT
 *
 * Stands where torch's own profiler stands: a global callback of at::RecordFunction, which the dispatcher calls around
 * every operator, forward, backward and optimizer alike, on every thread, without the GIL. Nothing is pushed on the
 * program's stack of dispatch modes, no tensor gets a Python object, and an operator costs one or two microseconds and
 * its digests. (A dispatch mode in Python costs about ten microseconds for each.)
 *
 * torch's headers are not needed: four C++ functions are found by name, and where the arguments lie in a RecordFunction is
 * found by looking for tensors that we know. Where that fails, operations are not recorded, and a note says so.
 *
 * An operator that only calls others is not an event of its own: its children are. Views and memory that nobody wrote
 * yet have no content of their own either. */
#include "_core_torch.h"

#include <dlfcn.h>   /* dlopen, dlsym: libtorch_cpu.so */
#include <pthread.h> /* pthread_key_create: the memory of a thread that ends */
#include <stdio.h>   /* snprintf */
#include <stdlib.h>  /* calloc, free */
#include <string.h>  /* strcmp, memcpy */

#include "_core_hooks.h"   /* core_read_safely */
#include "common/digest.h" /* digest128 */

/* ---- torch's C++ ---- */

/* at::RecordFunctionCallback (ATen/record_function.h, the same from 1.13 to 2.13). It is passed by value in memory. */
enum { N_SCOPES = 10, SCOPE_FUNCTION = 0 };
struct record_callback {
    void *start, *end;
    double probability;
    bool scopes[N_SCOPES];
    bool needs_inputs, needs_outputs, needs_ids;
};

/* c10::IValue */
struct ivalue {
    uint64_t payload;
    uint32_t tag;
};
enum { TAG_TENSOR = 1 };

typedef uint64_t add_callback(struct record_callback callback);
typedef void remove_callback(uint64_t handle);
typedef const char *name_function(const void *record);

static struct {
    add_callback *add;
    remove_callback *remove;
    name_function *name, *overload;
    uint64_t handle;
    size_t inputs, outputs; /* in the RecordFunction: pointer and count; begin and end */
    uint32_t list_tag;      /* of a list of tensors; */
    size_t list_items;      /* in the list: begin and end */
} torch;

struct span {
    const struct ivalue *first;
    size_t n;
};

static struct span inputs_of(const void *record)
{
    struct span span;
    memcpy(&span, (const char *)record + torch.inputs, sizeof span);
    return span;
}

static struct span between(const void *base, size_t offset)
{
    const struct ivalue *ends[2];
    memcpy(ends, (const char *)base + offset, sizeof ends);
    return (struct span){ends[0], ends[0] ? (size_t)(ends[1] - ends[0]) : 0};
}

/* ---- what is known of an operator ---- */

enum op_role {
    OP_NORMAL,
    OP_OUT,     /* writes its last tensor without reading what was there before */
    OP_DRAWS,   /* the same for its first tensor, with random numbers */
    OP_CHANGES, /* in place */
    OP_WRITES,  /* as OP_DRAWS, with what is given; within another operator it is a part of that, and no event */
    OP_EMPTY,   /* its output is memory that nobody wrote; within another operator no event */
    OP_VIEW,    /* no event: its output has no content of its own, or another operator's */
    OP_GROUP,   /* no event: no operator, or one of the autograd engine around others */
};

struct op {
    const char *name, *overload; /* torch's texts, identity */
    uint64_t id;                 /* interned; 0 = free slot */
    uint64_t text;               /* digest of the texts, in case the addresses are used again */
    enum op_role role;
    bool only_calls; /* has been seen to call others and to give out what they gave */
};

/* Sorted by use: few programs use more than some hundred operators. */
/* clang-format off */
static const char *const views[] = {
    "alias", "as_strided", "as_strided_", "chunk", "conj", "contiguous", "data", "detach", "detach_", "diagonal", "expand", "expand_as", "flatten",
    "imag", "is_nonzero", "item", "lift_fresh", "mT", "mH", "movedim", "moveaxis", "narrow", "numpy_T", "permute",
    "positive", "ravel", "real", "requires_grad_", "reshape", "reshape_as", "resolve_conj", "resolve_neg", "result_type",
    "select", "set_", "size", "slice", "split", "split_with_sizes", "squeeze", "squeeze_", "stride", "swapaxes", "swapdims",
    "sym_numel", "sym_size", "sym_storage_offset", "sym_stride", "t", "t_", "tensor_split", "to", "transpose", "transpose_", "type_as",
    "unbind", "unflatten", "unfold", "unsafe_chunk", "unsafe_split", "unsqueeze", "unsqueeze_", "values", "indices",
    "view", "view_as", "view_as_complex", "view_as_real", "_reshape_alias", "_unsafe_view", "_local_scalar_dense",
    "_version", "output_nr", "is_leaf", "retain_grad", "resize_", "resize_as_", "can_cast", "promote_types", "is_same_size", "refine_names",
};
/* clang-format on */
static const char *const empties[] = {
    "empty",     "empty_like",        "empty_strided",   "empty_permuted",
    "new_empty", "new_empty_strided", "empty_quantized", "_efficientzerotensor",
};

static const char *const writes[] = {"fill_", "zero_", "copy_"};
static const char *const draws[] = {
    "uniform_", "normal_", "random_", "bernoulli_", "exponential_", "cauchy_", "log_normal_", "geometric_",
};

static bool is_in(const char *const *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

static enum op_role role_of(const char *name, const char *overload)
{
    const char *plain = strstr(name, "::");
    if (!plain || strncmp(name, "autograd::", 10) == 0 || strncmp(name, "torch::", 7) == 0)
        return OP_GROUP;
    plain += 2;
    if (is_in(views, sizeof views / sizeof *views, plain))
        return OP_VIEW;
    if (is_in(empties, sizeof empties / sizeof *empties, plain))
        return OP_EMPTY;
    if (is_in(writes, sizeof writes / sizeof *writes, plain))
        return OP_WRITES;
    if (is_in(draws, sizeof draws / sizeof *draws, plain))
        return OP_DRAWS;
    if (plain[strlen(plain) - 1] == '_')
        return OP_CHANGES;
    return strstr(overload, "out") ? OP_OUT : OP_NORMAL;
}

/* ---- what is known of a thread ---- */

enum { MAX_DEPTH = 64, N_OPS = 1024, N_GIVEN = 16, N_UNWRITTEN = 64 };

struct running {
    const void *record;
    struct op *op;
    uint64_t in[2];
    uint8_t flags;
    bool called_others; /* that were events, or would have been */
    uint64_t n_before;  /* given out before it began */
};

struct given { /* a result that is digested already: of an operator that this one may have called */
    const char *data;
    uint64_t numel;
    uint16_t dtype;
};

struct thread {
    struct op ops[N_OPS]; /* open addressing */
    unsigned n_ops;
    unsigned depth; /* may be larger than MAX_DEPTH: what is too deep is not recorded */
    struct running stack[MAX_DEPTH];
    struct given given[N_GIVEN]; /* a ring: number k lies at k % N_GIVEN */
    uint64_t n_given;
    const char *unwritten[N_UNWRITTEN]; /* a ring: memory that was made and that no operator has written yet */
    uint64_t n_unwritten;
    uint64_t site; /* of the outermost operator that is running */
};

static _Thread_local struct thread *this_thread;
static pthread_key_t thread_key;

static struct thread *thread_of_caller(void)
{
    if (!this_thread && (this_thread = calloc(1, sizeof *this_thread)) != NULL)
        pthread_setspecific(thread_key, this_thread);
    return this_thread;
}

static void free_thread(void *thread)
{
    this_thread = NULL;
    free(thread);
}

static struct op *op_of(struct thread *thread, const void *record)
{
    const char *name = torch.name(record), *overload = torch.overload ? torch.overload(record) : "";
    uint64_t text = digest64_seeded(name, strlen(name), digest64(overload, strlen(overload)));
    size_t i = ((uintptr_t)name >> 4 ^ (uintptr_t)overload >> 3 ^ text) & (N_OPS - 1);
    for (; thread->ops[i].id; i = (i + 1) & (N_OPS - 1))
        if (thread->ops[i].name == name && thread->ops[i].overload == overload && thread->ops[i].text == text)
            return &thread->ops[i];
    if (thread->n_ops >= N_OPS * 3 / 4) { /* names that are not operators' come and go: begin anew */
        if (thread->depth)
            return NULL;
        memset(thread->ops, 0, sizeof thread->ops);
        thread->n_ops = 0;
        return op_of(thread, record);
    }
    char full[256];
    snprintf(full, sizeof full, overload[0] ? "%s.%s" : "%s", name, overload);
    thread->ops[i] = (struct op){name, overload, core_intern(full), text, role_of(name, overload), false};
    thread->n_ops++;
    return &thread->ops[i];
}

/* ---- digests of arguments ---- */

enum { N_GATHERED = 128 };
struct gathered { /* numbers that stand for the arguments; folded when full */
    const struct thread
        *unwritten_of; /* what this thread has not written yet takes part by its kind only; NULL: all does */
    uint64_t numbers[N_GATHERED];
    size_t n;
    uint8_t flags;
    uint64_t nbytes;
};

static void gather(struct gathered *g, uint64_t number)
{
    if (g->n == N_GATHERED) {
        digest128(g->numbers, sizeof g->numbers, g->numbers);
        g->n = 2;
    }
    g->numbers[g->n++] = number;
}

static bool is_unwritten(const struct thread *thread, const char *data)
{
    for (unsigned k = 0; k < N_UNWRITTEN; k++)
        if (thread->unwritten[k] == data)
            return true;
    return false;
}

static void gather_tensor(struct gathered *g, uint64_t impl)
{
    struct core_tensor tensor;
    core_torch_tensor((const void *)(uintptr_t)impl, &tensor);
    if (!tensor.data) {
        g->flags |= ONESEED_FLAG_UNDIGESTED;
        return;
    }
    if (g->unwritten_of && is_unwritten(g->unwritten_of, tensor.data)) {
        gather(g, tensor.numel);
        return;
    }
    uint64_t digest[2];
    core_torch_digest(&tensor, digest);
    gather(g, digest[0]);
    gather(g, digest[1]);
    g->nbytes += tensor.numel * tensor.item_nbytes;
}

/* Numbers lie in the payload; other values (strings, devices, generators) take part by their kind. */
static void gather_value(struct gathered *g, const struct ivalue *value, unsigned depth)
{
    enum { TAG_DOUBLE = 3, TAG_INT = 5 };
    gather(g, value->tag);
    if (value->tag == TAG_TENSOR) {
        gather_tensor(g, value->payload);
    } else if (value->tag == TAG_DOUBLE || value->tag == TAG_INT) {
        gather(g, value->payload);
    } else if (value->tag == torch.list_tag && depth < 3) {
        struct span items = between((const void *)(uintptr_t)value->payload, torch.list_items);
        gather(g, items.n);
        for (size_t i = 0; i < items.n; i++)
            gather_value(g, items.first + i, depth + 1);
    }
}

static void digest_inputs(const struct thread *thread, const void *record, struct running *running)
{
    struct gathered g = {.unwritten_of = thread};
    struct span inputs = inputs_of(record);
    size_t skipped = running->op->role == OP_DRAWS || running->op->role == OP_WRITES ? 0 : inputs.n;
    if (running->op->role == OP_OUT)
        for (size_t i = 0; i < inputs.n; i++)
            if (inputs.first[i].tag == TAG_TENSOR)
                skipped = i;
    for (size_t i = 0; i < inputs.n; i++)
        if (i != skipped)
            gather_value(&g, inputs.first + i, 0);
    digest128(g.numbers, g.n * sizeof *g.numbers, running->in);
    running->flags |= g.flags;
}

/* ---- results ---- */

static bool was_given(const struct thread *thread, const struct core_tensor *tensor, uint64_t since)
{
    uint64_t oldest = thread->n_given > N_GIVEN ? thread->n_given - N_GIVEN : 0;
    for (uint64_t k = since > oldest ? since : oldest; k < thread->n_given; k++) {
        const struct given *g = &thread->given[k % N_GIVEN];
        if (g->data == tensor->data && g->numel == tensor->numel && g->dtype == tensor->dtype)
            return true;
    }
    return false;
}

/* Counts the tensors of a value that none of the operators called since then is known to have given out. */
static void count_fresh(const struct thread *thread, const struct ivalue *value, uint64_t since, unsigned depth,
                        size_t *n_fresh)
{
    if (value->tag == TAG_TENSOR) {
        struct core_tensor tensor;
        core_torch_tensor((const void *)(uintptr_t)value->payload, &tensor);
        *n_fresh += tensor.data && tensor.numel && !was_given(thread, &tensor, since);
    } else if (value->tag == torch.list_tag && depth < 3) {
        struct span items = between((const void *)(uintptr_t)value->payload, torch.list_items);
        for (size_t i = 0; i < items.n; i++)
            count_fresh(thread, items.first + i, since, depth + 1, n_fresh);
    }
}

/* What an operator filled or changed may be changed again by the one that called it: only new results count as given. */
static void remember(struct thread *thread, const struct ivalue *value, enum op_role role, unsigned depth)
{
    if (value->tag == TAG_TENSOR) {
        struct core_tensor tensor;
        core_torch_tensor((const void *)(uintptr_t)value->payload, &tensor);
        if (role <= OP_DRAWS)
            thread->given[thread->n_given++ % N_GIVEN] = (struct given){tensor.data, tensor.numel, tensor.dtype};
        for (unsigned k = 0; k < N_UNWRITTEN; k++)
            if (thread->unwritten[k] == tensor.data)
                thread->unwritten[k] = NULL;
    } else if (value->tag == torch.list_tag && depth < 3) {
        struct span items = between((const void *)(uintptr_t)value->payload, torch.list_items);
        for (size_t i = 0; i < items.n; i++)
            remember(thread, items.first + i, role, depth + 1);
    }
}

static void remember_unwritten(struct thread *thread, const struct span *outputs)
{
    struct core_tensor tensor;
    for (size_t i = 0; i < outputs->n; i++)
        if (outputs->first[i].tag == TAG_TENSOR) {
            core_torch_tensor((const void *)(uintptr_t)outputs->first[i].payload, &tensor);
            if (tensor.data && tensor.numel)
                thread->unwritten[thread->n_unwritten++ % N_UNWRITTEN] = tensor.data;
        }
}

static void emit(const struct thread *thread, const struct running *running, const struct span *outputs)
{
    struct gathered g = {.n = 0, .flags = running->flags};
    struct oneseed_event event = {.kind = ONESEED_EVENT_OP, .site = thread->site, .name = running->op->id};
    if (running->op->role == OP_EMPTY) {
        g.flags |= ONESEED_FLAG_UNDEFINED;
    } else {
        for (size_t i = 0; i < outputs->n; i++)
            gather_value(&g, outputs->first + i, 0);
        digest128(g.numbers, g.n * sizeof *g.numbers, event.out);
    }
    memcpy(event.in, running->in, sizeof event.in);
    event.flags = g.flags;
    event.bytes = g.nbytes;
    core_emit(&event);
}

/* ---- the callbacks ---- */

/* std::unique_ptr<ObserverContext> start(const RecordFunction &): a class with a destructor is returned in memory that
 * the caller names first (Itanium C++ ABI on x86-64). */
static void *on_start(void **returned, const void *record)
{
    *returned = NULL;
    struct thread *thread = core_recording() ? thread_of_caller() : NULL;
    if (!thread)
        return returned;
    unsigned depth = thread->depth++;
    if (depth >= MAX_DEPTH)
        return returned;
    struct running *running = &thread->stack[depth];
    *running = (struct running){.record = record, .op = op_of(thread, record), .n_before = thread->n_given};
    if (depth == 0)
        thread->site = 0; /* asked for when there is something to say */
    if (running->op && running->op->role <= OP_WRITES && !running->op->only_calls)
        digest_inputs(thread, record, running);
    return returned;
}

/* Did the operators that it called give out everything that it gives out? */
static bool only_called(const struct thread *thread, const struct running *running, const struct span *outputs)
{
    size_t n_fresh = 0;
    for (size_t i = 0; i < outputs->n; i++)
        count_fresh(thread, outputs->first + i, running->n_before, 0, &n_fresh);
    return n_fresh == 0;
}

static bool is_within_another(const struct thread *thread)
{
    for (unsigned d = 0; d < thread->depth && d < MAX_DEPTH; d++)
        if (thread->stack[d].op && thread->stack[d].op->role < OP_VIEW)
            return true;
    return false;
}

static void finish(struct thread *thread, struct running *running, const void *record)
{
    struct op *op = running->op;
    if (!op || op->role >= OP_VIEW)
        return;
    struct span outputs = between(record, torch.outputs);
    if (op->role == OP_EMPTY) {
        remember_unwritten(thread, &outputs);
        if (is_within_another(thread))
            return;
    } else if (op->role == OP_WRITES && is_within_another(thread)) {
        return;
    } else if (running->called_others && only_called(thread, running, &outputs)) {
        op->only_calls = true;
        return;
    } else if (!running->called_others && op->only_calls) {
        return; /* it calls others when there is something to do: there was nothing */
    }
    if (thread->site == 0)
        thread->site = core_site_without_gil();
    emit(thread, running, &outputs);
    if (op->role != OP_EMPTY) {
        for (size_t i = 0; i < outputs.n; i++)
            remember(thread, outputs.first + i, op->role, 0);
        for (unsigned d = 0; d < thread->depth && d < MAX_DEPTH; d++)
            thread->stack[d].called_others = true;
    }
}

static void on_end(const void *record, void *context)
{
    (void)context;
    struct thread *thread = this_thread;
    if (!thread || thread->depth == 0)
        return;
    unsigned depth = thread->depth - 1;
    /* Ends of operators that began before us, or on another thread, are not ours. */
    if (depth < MAX_DEPTH && thread->stack[depth].record != record)
        return;
    thread->depth = depth;
    if (depth < MAX_DEPTH && core_recording())
        finish(thread, &thread->stack[depth], record);
}

/* ---- learning where things lie ---- */

enum { IMAGE_NBYTES = 768 };

static struct {
    const char *name; /* of the operator to look at */
    unsigned char start[IMAGE_NBYTES], end[IMAGE_NBYTES];
    bool has_start, has_end;
    struct { /* what looked like a vector of one tensor at the end */
        size_t offset;
        uint64_t payload;
    } candidates[8];
    size_t n_candidates;
    uint64_t wanted[2]; /* the operator's tensors */
} sample;

static void look_for_inputs(void)
{
    for (size_t k = 0; k + 16 <= IMAGE_NBYTES && torch.inputs == 0; k += 8) {
        struct span span;
        struct ivalue values[2];
        memcpy(&span, sample.start + k, sizeof span);
        if (span.n < 2 || span.n > 4 || !core_read_safely(span.first, values, sizeof values))
            continue;
        if (values[0].payload == sample.wanted[0] && values[0].tag == TAG_TENSOR &&
            values[1].payload == sample.wanted[1] && values[1].tag == TAG_TENSOR)
            torch.inputs = k;
    }
}

/* A list of the two tensors as first input. */
static void look_for_list(void)
{
    struct span span;
    struct ivalue list;
    memcpy(&span, sample.start + torch.inputs, sizeof span);
    uint64_t words[8];
    if (!core_read_safely(span.first, &list, sizeof list) ||
        !core_read_safely((void *)(uintptr_t)list.payload, words, sizeof words))
        return;
    for (size_t k = 1; k + 1 < 8 && torch.list_items == 0; k++) {
        struct ivalue values[2];
        if (words[k + 1] - words[k] == sizeof values &&
            core_read_safely((void *)(uintptr_t)words[k], values, sizeof values) &&
            values[0].payload == sample.wanted[0] && values[1].payload == sample.wanted[1]) {
            torch.list_tag = list.tag;
            torch.list_items = 8 * k;
        }
    }
}

static void look_for_outputs(void)
{
    for (size_t k = 0; k + 16 <= IMAGE_NBYTES && sample.n_candidates < 8; k += 8) {
        uint64_t ends[2];
        struct ivalue value;
        memcpy(ends, sample.end + k, sizeof ends);
        if (ends[1] - ends[0] == sizeof value && core_read_safely((void *)(uintptr_t)ends[0], &value, sizeof value) &&
            value.tag == TAG_TENSOR) {
            sample.candidates[sample.n_candidates].offset = k;
            sample.candidates[sample.n_candidates++].payload = value.payload;
        }
    }
}

static void *on_sample_start(void **returned, const void *record)
{
    *returned = NULL;
    if (sample.name && !sample.has_start && strcmp(torch.name(record), sample.name) == 0) {
        sample.has_start = core_read_safely(record, sample.start, IMAGE_NBYTES);
        if (sample.has_start && torch.inputs == 0)
            look_for_inputs();
        else if (sample.has_start)
            look_for_list();
    }
    return returned;
}

static void on_sample_end(const void *record, void *context)
{
    (void)context;
    if (sample.name && sample.has_start && !sample.has_end && strcmp(torch.name(record), sample.name) == 0) {
        sample.has_end = core_read_safely(record, sample.end, IMAGE_NBYTES);
        if (sample.has_end)
            look_for_outputs();
    }
}

static uint64_t install(void *start, void *end)
{
    struct record_callback callback = {
        .start = start, .end = end, .probability = 1.0, .needs_inputs = true, .needs_outputs = true};
    callback.scopes[SCOPE_FUNCTION] = true;
    return torch.add(callback);
}

/* A new reference to function(*arguments of the two tensors), run while the sample is taken. */
static PyObject *run_sample(const char *name, PyObject *function, PyObject *arguments)
{
    memset(&sample.has_start, 0, sizeof sample.has_start);
    sample.has_end = false;
    sample.n_candidates = 0;
    sample.name = name;
    PyObject *result = PyObject_Call(function, arguments, NULL);
    sample.name = NULL;
    return result;
}

static uint64_t impl_of(PyObject *tensor)
{
    PyObject *address = PyObject_GetAttrString(tensor, "_cdata");
    uint64_t impl = address ? PyLong_AsUnsignedLongLong(address) : 0;
    Py_XDECREF(address);
    return impl;
}

/* torch_begin(library, mul, cat, a, b): a and b are small tensors. True when operations are recorded from here on. */
static PyObject *py_torch_begin(PyObject *module, PyObject *args)
{
    (void)module;
    const char *path;
    PyObject *mul, *cat, *a, *b;
    if (!PyArg_ParseTuple(args, "sOOOO:torch_begin", &path, &mul, &cat, &a, &b))
        return NULL;
#if !defined(__x86_64__)
    Py_RETURN_FALSE; /* how the callbacks return is known for x86-64 only */
#endif
    void *library = dlopen(path, RTLD_LAZY | RTLD_NOLOAD);
    if (!library || torch.handle)
        return PyBool_FromLong(torch.handle != 0);
    torch.add = (add_callback *)(uintptr_t)dlsym(library, "_ZN2at17addGlobalCallbackENS_22RecordFunctionCallbackE");
    torch.remove = (remove_callback *)(uintptr_t)dlsym(library, "_ZN2at14removeCallbackEm");
    torch.name = (name_function *)(uintptr_t)dlsym(library, "_ZNK2at14RecordFunction4nameEv");
    torch.overload = (name_function *)(uintptr_t)dlsym(library, "_ZNK2at14RecordFunction13overload_nameEv");
    if (!torch.add || !torch.remove || !torch.name)
        Py_RETURN_FALSE;

    sample.wanted[0] = impl_of(a);
    sample.wanted[1] = impl_of(b);
    uint64_t handle = install((void *)(uintptr_t)on_sample_start, (void *)(uintptr_t)on_sample_end);
    PyObject *pair = PyTuple_Pack(2, a, b), *list = PyList_New(0), *listed = NULL, *product = NULL, *joined = NULL;
    if (pair)
        product = run_sample("aten::mul", mul, pair);
    uint64_t result = product ? impl_of(product) : 0;
    for (size_t k = 0; product && k < sample.n_candidates && torch.outputs == 0; k++)
        if (sample.candidates[k].payload == result)
            torch.outputs = sample.candidates[k].offset;
    if (product && torch.inputs && list && PyList_Append(list, a) == 0 && PyList_Append(list, b) == 0 &&
        (listed = PyTuple_Pack(1, list)) != NULL)
        joined = run_sample("aten::cat", cat, listed);
    torch.remove(handle);
    bool learnt = joined && torch.inputs && torch.outputs && torch.list_items;
    Py_XDECREF(joined);
    Py_XDECREF(product);
    Py_XDECREF(listed);
    Py_XDECREF(list);
    Py_XDECREF(pair);
    if (PyErr_Occurred())
        return NULL;
    if (learnt && pthread_key_create(&thread_key, free_thread) == 0)
        torch.handle = install((void *)(uintptr_t)on_start, (void *)(uintptr_t)on_end);
    return PyBool_FromLong(torch.handle != 0);
}

/* torch_layout(samples, keys): two samples as (impl, data, sizes, strides, offset, numel, keys, dtype). */
static PyObject *py_torch_layout(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *of[2], *keys;
    struct core_torch_sample samples[2];
    if (!PyArg_ParseTuple(args, "O!O!O!:torch_layout", &PyTuple_Type, &of[0], &PyTuple_Type, &of[1], &PyTuple_Type,
                          &keys))
        return NULL;
    for (int i = 0; i < 2; i++) {
        unsigned long long impl, data, key;
        long long sizes[2], strides[2], offset, numel;
        unsigned short dtype;
        if (!PyArg_ParseTuple(of[i], "KK(LL)(LL)LLKH", &impl, &data, &sizes[0], &sizes[1], &strides[0], &strides[1],
                              &offset, &numel, &key, &dtype))
            return NULL;
        samples[i] = (struct core_torch_sample){(const void *)(uintptr_t)impl,
                                                (const void *)(uintptr_t)data,
                                                {sizes[0], sizes[1]},
                                                {strides[0], strides[1]},
                                                offset,
                                                numel,
                                                key,
                                                dtype};
    }
    bool learnt = core_torch_learn(samples);
    for (Py_ssize_t k = 0; learnt && k < PyTuple_Size(keys); k++)
        core_torch_accept_keys(PyLong_AsUnsignedLongLong(PyTuple_GetItem(keys, k)));
    if (PyErr_Occurred())
        return NULL;
    return PyBool_FromLong(learnt);
}

static PyMethodDef functions[] = {
    {"torch_layout", py_torch_layout, METH_VARARGS, "torch_layout(sample, sample, keys) -> bool: tensors can be read."},
    {"torch_begin", py_torch_begin, METH_VARARGS,
     "torch_begin(library, mul, cat, a, b) -> bool: operations are recorded from here on."},
    {NULL, NULL, 0, NULL},
};

int core_ops_exec(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
