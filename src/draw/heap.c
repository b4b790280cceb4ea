/* heap.c - memory of a `oneseed draw` session: objects in one list, marked from the names and swept between statements.
 * SPDX-License-Identifier: MIT */
#include <stdarg.h> /* va_list */
#include <stdio.h>  /* vsnprintf */
#include <stdlib.h> /* calloc, free */
#include <string.h> /* memcpy */

#include "draw/functions.h" /* struct function */
#include "draw/iterators.h" /* struct iterator */
#include "draw/scope.h"     /* struct scope */
#include "draw/syntax.h"    /* tree_memory */

enum { MAX_DEPTH = 200, MAX_DEPTH_IN_CALLS = 1500, FIRST_SWEEP = 64 << 20 };

void fail(vm *m, const char *format, ...)
{
    int n = snprintf(m->error, sizeof m->error, "line %u, column %u: ", m->line, m->column);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(m->error + n, sizeof m->error - (size_t)n, format, arguments);
    va_end(arguments);
    for (char *c = m->error; *c != '\0'; c++)
        if (*c == '\n')
            *c = ' ';
    longjmp(m->failed, 1);
}

void enter(vm *m)
{
    int most = m->n_calls > 0 ? MAX_DEPTH_IN_CALLS : MAX_DEPTH;
    if (++m->depth > most)
        fail(m, "nested too deeply (more than %d levels)", most);
}

void step(vm *m, uint64_t n)
{
    m->n_steps += n;
    if (m->settings.max_n_steps != 0 && m->n_steps > m->settings.max_n_steps)
        fail(m, "too many steps (more than %llu)", (unsigned long long)m->settings.max_n_steps);
}

static void charge(vm *m, size_t nbytes)
{
    size_t limit = m->settings.max_nbytes;
    if (limit != 0 && (nbytes > limit || m->heap_nbytes > limit - nbytes))
        fail(m,
             "it needs more than %zu MiB of memory (only a last expression that is one call of a distribution is drawn "
             "in blocks)",
             limit >> 20);
    m->heap_nbytes += nbytes;
}

void *heap_object(vm *m, value_kind kind, size_t nbytes)
{
    charge(m, nbytes);
    object *o = calloc(1, nbytes);
    if (!o)
        fail(m, "no memory for %zu bytes", nbytes);
    o->kind = (uint8_t)kind;
    o->nbytes = nbytes;
    o->next = m->objects;
    m->objects = o;
    return o;
}

void *heap_resize(vm *m, void *bytes, size_t old_nbytes, size_t new_nbytes)
{
    if (new_nbytes > old_nbytes)
        charge(m, new_nbytes - old_nbytes);
    void *resized = realloc(bytes, new_nbytes ? new_nbytes : 1);
    if (!resized)
        fail(m, "no memory for %zu bytes", new_nbytes);
    if (new_nbytes < old_nbytes)
        m->heap_nbytes -= old_nbytes - new_nbytes;
    return resized;
}

void heap_release(vm *m, void *bytes, size_t nbytes)
{
    m->heap_nbytes -= nbytes;
    free(bytes);
}

static void free_object(vm *m, object *o)
{
    switch (o->kind) {
    case V_LIST:
    case V_TUPLE: {
        struct sequence *s = (struct sequence *)o;
        heap_release(m, s->items, s->n_allocated * sizeof *s->items);
        break;
    }
    case V_DICT: {
        struct dict *d = (struct dict *)o;
        heap_release(m, d->entries, d->n_allocated * sizeof *d->entries);
        heap_release(m, d->slots, d->n_slots * sizeof *d->slots);
        break;
    }
    case V_SET: {
        struct set *s = (struct set *)o;
        heap_release(m, s->slots, s->slots ? (s->mask + 1) * sizeof *s->slots : 0);
        break;
    }
    case V_ITERATOR: {
        struct iterator *it = (struct iterator *)o;
        heap_release(m, it->walks, it->n_walks * sizeof *it->walks);
        break;
    }
    case V_BUFFER: {
        struct buffer *b = (struct buffer *)o;
        heap_release(m, b->bytes, b->nbytes);
        break;
    }
    default:
        break;
    }
    m->heap_nbytes -= o->nbytes;
    free(o);
}

/* Marked, and its own values later: chains of objects may be longer than the C stack is deep. */
static void mark(vm *m, value v)
{
    if (v.kind < V_BIG || v.u.o == NULL || v.u.o->marked)
        return;
    v.u.o->marked = true;
    if (m->n_marked == m->n_marked_allocated) {
        size_t larger = m->n_marked_allocated ? 2 * m->n_marked_allocated : 256;
        value *marked = realloc(m->marked, larger * sizeof *marked);
        if (!marked)
            fail(m, "no memory");
        m->marked = marked;
        m->n_marked_allocated = larger;
    }
    m->marked[m->n_marked++] = v;
}

static void mark_all(vm *m, const value *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        mark(m, items[i]);
}

/* What the objects of the frameworks hold is in bind.h; they begin with a count of values. */
static void mark_held(vm *m, value v)
{
    switch (v.kind) {
    case V_LIST:
    case V_TUPLE:
        mark_all(m, v.u.seq->items, v.u.seq->n);
        break;
    case V_ITERATOR:
        for (size_t i = 0; i < v.u.iterator->n_walks; i++)
            mark(m, v.u.iterator->walks[i].over);
        mark_all(m, v.u.iterator->held, ITERATOR_HELD);
        mark(m, object_value(V_SCOPE, v.u.iterator->scope));
        break;
    case V_VIEW:
        mark(m, v.u.view->dict);
        break;
    case V_FUNCTION:
        mark(m, v.u.function->defaults);
        mark(m, object_value(V_SCOPE, v.u.function->scope));
        break;
    case V_SCOPE:
        for (size_t i = 0; i < v.u.scope->n; i++)
            mark(m, v.u.scope->slots[i].value);
        mark(m, object_value(V_SCOPE, v.u.scope->parent));
        break;
    case V_DICT:
        for (size_t i = 0; i < v.u.dict->n_entries; i++) {
            mark(m, v.u.dict->entries[i].key);
            mark(m, v.u.dict->entries[i].item);
        }
        break;
    case V_SET:
        for (size_t i = 0; v.u.set->slots && i <= v.u.set->mask; i++)
            mark(m, v.u.set->slots[i].key);
        break;
    case V_SLICE:
        mark_all(m, &v.u.slice->start, 3);
        break;
    case V_ARRAY:
        mark(m, object_value(V_BUFFER, v.u.array->buffer));
        break;
    case V_TENSOR:
        mark(m, object_value(V_ARRAY, v.u.tensor->array));
        break;
    case V_METHOD:
        mark(m, v.u.method->self);
        break;
    case V_STREAM:
    case V_PYTHON:
    case V_BITGEN:
    case V_RANDOMSTATE:
    case V_GENERATOR:
    case V_SEEDSEQ:
    case V_SPLITTER:
    case V_TORCH:
    case V_OBJECT: {
        const struct holder *holder = (const struct holder *)v.u.o;
        mark_all(m, holder->held, holder->n_held);
        break;
    }
    default:
        break;
    }
}

void heap_sweep(vm *m)
{
    if (m->heap_nbytes < m->sweep_at)
        return;
    for (size_t i = 0; i < m->n_names; i++)
        mark(m, m->names[i].value);
    mark_all(m, m->roots, m->n_roots);
    mark_all(m, m->kept, m->n_kept);
    mark(m, m->globals.random);
    mark(m, m->globals.numpy);
    mark(m, m->globals.torch);
    mark(m, m->globals.environ);
    mark(m, m->globals.tensorflow);
    mark(m, m->globals.tensorflow_generator);
    mark(m, m->globals.keras_generator);
    mark_all(m, m->globals.torch_cuda, MAX_GPUS);
    mark(m, m->last);
    mark(m, object_value(V_SCOPE, m->scope));
    while (m->n_marked > 0)
        mark_held(m, m->marked[--m->n_marked]);
    for (object **at = &m->objects; *at;) {
        object *o = *at;
        if (o->marked) {
            o->marked = false;
            at = &o->next;
        } else {
            *at = o->next;
            free_object(m, o);
        }
    }
    for (object *o = m->tree; o; o = o->next)
        o->marked = false;
    m->sweep_at = m->heap_nbytes * 2 > FIRST_SWEEP ? m->heap_nbytes * 2 : FIRST_SWEEP;
    size_t limit = m->settings.max_nbytes;
    if (limit != 0 && m->sweep_at > limit / 2)
        m->sweep_at = m->heap_nbytes > limit / 2 ? m->heap_nbytes + limit / 8 : limit / 2;
}

static void free_list(vm *m, object *list)
{
    while (list) {
        object *next = list->next;
        free_object(m, list);
        list = next;
    }
}

void heap_destroy(vm *m)
{
    free_list(m, m->objects);
    free_list(m, m->tree);
    m->objects = m->tree = NULL;
    for (size_t i = 0; i < m->n_names; i++)
        free(m->names[i].text);
    free(m->names);
    free(m->roots);
    free(m->marked);
}

void *tree_memory(vm *m, size_t nbytes)
{
    struct buffer *b = heap_object(m, V_BUFFER, sizeof *b);
    b->bytes = heap_resize(m, NULL, 0, nbytes);
    b->nbytes = nbytes;
    memset(b->bytes, 0, nbytes);
    return b->bytes;
}

void push_root(vm *m, value v)
{
    if (m->n_roots == m->n_roots_allocated) {
        size_t larger = m->n_roots_allocated ? 2 * m->n_roots_allocated : 8;
        value *roots = realloc(m->roots, larger * sizeof *roots);
        if (!roots)
            fail(m, "no memory");
        m->roots = roots;
        m->n_roots_allocated = larger;
    }
    m->roots[m->n_roots++] = v;
}

void pop_root(vm *m)
{
    m->n_roots--;
}

/* --- Making values --------------------------------------------------------------------------------------------------- */

value make_text(vm *m, value_kind kind, const char *bytes, size_t nbytes)
{
    struct text *t = heap_object(m, kind, sizeof *t + nbytes + 1);
    t->nbytes = nbytes;
    if (nbytes > 0)
        memcpy(t->bytes, bytes, nbytes);
    for (size_t i = 0; i < nbytes; i++)
        t->n_points += kind == V_BYTES || ((unsigned char)bytes[i] & 0xc0) != 0x80;
    return object_value(kind, t);
}

value make_str(vm *m, const char *text)
{
    return make_text(m, V_STR, text, strlen(text));
}

value make_sequence(vm *m, value_kind kind, size_t n)
{
    struct sequence *s = heap_object(m, kind, sizeof *s);
    if (n > SIZE_MAX / sizeof *s->items / 2)
        fail(m, "MemoryError: %zu items", n);
    if (n > 0) {
        s->items = heap_resize(m, NULL, 0, n * sizeof *s->items);
        s->n = s->n_allocated = n;
    }
    for (size_t i = 0; i < n; i++)
        s->items[i] = NONE;
    return object_value(kind, s);
}

void append(vm *m, value sequence, value item)
{
    struct sequence *s = sequence.u.seq;
    if (s->n == s->n_allocated) {
        size_t larger = s->n_allocated ? s->n_allocated + s->n_allocated / 2 + 1 : 4;
        s->items = heap_resize(m, s->items, s->n_allocated * sizeof *s->items, larger * sizeof *s->items);
        s->n_allocated = larger;
    }
    s->items[s->n++] = item;
}

value make_slice(vm *m, value start, value stop, value slice_step)
{
    struct slice *s = heap_object(m, V_SLICE, sizeof *s);
    s->start = start;
    s->stop = stop;
    s->step = slice_step;
    return object_value(V_SLICE, s);
}

value make_range(vm *m, int64_t start, int64_t stop, int64_t range_step)
{
    struct range *r = heap_object(m, V_RANGE, sizeof *r);
    r->start = start;
    r->stop = stop;
    r->step = range_step;
    if (range_step > 0 && stop > start)
        r->n = ((uint64_t)stop - (uint64_t)start - 1) / (uint64_t)range_step + 1;
    else if (range_step < 0 && stop < start)
        r->n = ((uint64_t)start - (uint64_t)stop - 1) / (0 - (uint64_t)range_step) + 1;
    return object_value(V_RANGE, r);
}

value make_method(vm *m, value self, const struct native *native)
{
    struct method *method = heap_object(m, V_METHOD, sizeof *method);
    method->self = self;
    method->native = native;
    return object_value(V_METHOD, method);
}

value make_dict(vm *m)
{
    return object_value(V_DICT, heap_object(m, V_DICT, sizeof(struct dict)));
}

/* --- Text under construction ----------------------------------------------------------------------------------------- */

struct writer writer_start(vm *m)
{
    struct writer w = {m, heap_object(m, V_BUFFER, sizeof(struct buffer)), 0};
    w.buffer->bytes = heap_resize(m, NULL, 0, 64);
    w.buffer->nbytes = 64;
    w.buffer->bytes[0] = '\0';
    return w;
}

void put(struct writer *w, const char *bytes, size_t nbytes)
{
    struct buffer *b = w->buffer;
    if (nbytes >= b->nbytes - w->n) {
        size_t larger = b->nbytes + b->nbytes / 2 + nbytes + 1;
        b->bytes = heap_resize(w->m, b->bytes, b->nbytes, larger);
        b->nbytes = larger;
    }
    memcpy(b->bytes + w->n, bytes, nbytes);
    w->n += nbytes;
    b->bytes[w->n] = '\0';
}

void put_text(struct writer *w, const char *text)
{
    put(w, text, strlen(text));
}

void put_format(struct writer *w, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    put(w, text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

void put_spaces(struct writer *w, size_t n)
{
    static const char spaces[] = "                                ";
    for (; n > 0;) {
        size_t now = n < sizeof spaces - 1 ? n : sizeof spaces - 1;
        put(w, spaces, now);
        n -= now;
    }
}
