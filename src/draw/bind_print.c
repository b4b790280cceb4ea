/* bind_print.c - how generators print, which table their methods are in, and what --explain says.
 * SPDX-License-Identifier: MIT */
#include <stdlib.h> /* realloc */
#include <string.h> /* memcpy */

#include "draw/bind.h"
#include "draw/bind_torch.h" /* torch_generator_methods */
#include "draw/object.h"     /* struct object_class */
#include "draw/syntax.h"     /* tree_memory */

const struct native *holder_methods(value v)
{
    switch (v.kind) {
    case V_PYTHON:
        return python_methods;
    case V_BITGEN:
        return bitgen_methods;
    case V_RANDOMSTATE:
        return legacy_methods;
    case V_GENERATOR:
        return generator_methods;
    case V_SEEDSEQ:
        return seedseq_methods;
    case V_SPLITTER:
        return splitter_methods;
    case V_TORCH:
        return torch_generator_methods;
    case V_OBJECT:
        return instance_of(v)->class->methods;
    default:
        return NULL;
    }
}

static const char *bitgen_name(value v)
{
    static const char *const names[] = {"MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"};
    return names[bitgen_of(v.kind == V_BITGEN ? v : ((struct facade *)(void *)v.u.o)->holder.held[0])->state.kind];
}

static void put_seedseq(struct writer *w, value v)
{
    const struct seedseq *s = seedseq_of(v);
    put_text(w, "SeedSequence(\n    entropy=");
    put_repr(w, s->holder.held[0]);
    put_text(w, ",\n");
    if (s->holder.held[1].u.seq->n > 0) {
        put_text(w, "    spawn_key=");
        put_repr(w, s->holder.held[1]);
        put_text(w, ",\n");
    }
    if (s->n_pool != 4)
        put_format(w, "    pool_size=%u,\n", s->n_pool);
    if (s->n_spawned != 0)
        put_format(w, "    n_children_spawned=%lld,\n", (long long)s->n_spawned);
    put_text(w, ")");
}

void put_holder(struct writer *w, value v)
{
    if (v.kind == V_SEEDSEQ)
        put_seedseq(w, v);
    else if (v.kind == V_SPLITTER)
        put_splitter(w, v);
    else if (v.kind == V_OBJECT && instance_of(v)->class->put)
        instance_of(v)->class->put(w, v);
    else if (v.kind == V_STREAM && stream_of(v)->plan.torch)
        put_torch_stream(w, stream_of(v));
    else if (v.kind == V_STREAM)
        put_stream(w, stream_of(v));
    else
        fail(w->m, "a %s prints its address, which is another in every run: assign it to a name", type_name(v));
}

void put_holder_str(struct writer *w, value v)
{
    if (v.kind == V_GENERATOR || v.kind == V_RANDOMSTATE)
        put_format(w, "%s(%s)", type_name(v), bitgen_name(v));
    else if (v.kind == V_OBJECT && instance_of(v)->class->put_str)
        instance_of(v)->class->put_str(w, v);
    else
        put_holder(w, v);
}

/* --- Large draws as text: only the edges are kept -------------------------------------------------------------------- */

enum { EDGE = 3 };

static int64_t n_kept(int64_t n)
{
    return n > 2 * EDGE ? 2 * EDGE : n;
}

/* The position in the whole array of the k-th kept element. */
static uint64_t position_of(const struct stream *s, uint64_t k)
{
    uint64_t position = 0, stride = 1;
    for (int i = s->n_dims; i-- > 0; k /= (uint64_t)n_kept(s->shape[i])) {
        int64_t kept = n_kept(s->shape[i]), at = (int64_t)(k % (uint64_t)kept);
        position += stride * (uint64_t)(at >= EDGE && kept < s->shape[i] ? s->shape[i] - kept + at : at);
        stride *= (uint64_t)s->shape[i];
    }
    return position;
}

void put_stream(struct writer *w, struct stream *s)
{
    int64_t shape[MAX_DIMS];
    for (int i = 0; i < s->n_dims; i++)
        shape[i] = n_kept(s->shape[i]);
    struct array *edges = array_new(w->m, s->plan.dt, s->n_dims, shape, 0);
    size_t item = edges->item_nbytes;
    size_t length = block_length(w->m);
    char *block = tree_memory(w->m, length * item);
    uint64_t n = (uint64_t)array_size(edges), k = 0;
    for (size_t got; (got = stream_next(w->m, s, block, length)) > 0;) {
        uint64_t start = s->n_done - got;
        for (uint64_t at; k < n && (at = position_of(s, k)) < s->n_done; k++)
            memcpy(edges->buffer->bytes + k * item, block + (at - start) * item, item);
    }
    put_edges(w, edges, s->shape);
}

/* --- --explain ------------------------------------------------------------------------------------------------------- */

void keep(vm *m, value v, const char *label)
{
    if (v.kind == V_BITGEN)
        bitgen_of(v)->label = label;
    else if (v.kind == V_TORCH)
        torch_generator_of(v)->label = label;
    else
        python_of(v)->label = label;
    if (!m->settings.explain)
        return;
    value *kept = realloc(m->kept, (m->n_kept + 1) * sizeof *kept);
    if (!kept)
        fail(m, "no memory");
    m->kept = kept;
    m->kept[m->n_kept++] = v;
}

/* By drawing, that is 0.5 ns each; beyond it the number is not said. */
static const uint64_t most_words = (uint64_t)1 << 36;

static value words_of_mt19937(vm *m, const oneseed_mt19937 *from, const oneseed_mt19937 *to)
{
    uint64_t n = oneseed_mt19937_distance(from, to, most_words);
    return n > most_words ? NONE : big_from_u64(m, n);
}

static value words_between(vm *m, const oneseed_numpy *from, const oneseed_numpy *to)
{
    uint64_t words[4] = {0};
    uint32_t limbs[8];
    int found = 1;
    switch (from->kind) {
    case ONESEED_NUMPY_MT19937:
        return words_of_mt19937(m, &from->engine.mt19937, &to->engine.mt19937);
    case ONESEED_NUMPY_PCG64:
        found = oneseed_pcg64_distance(&from->engine.pcg64, &to->engine.pcg64, words);
        break;
    case ONESEED_NUMPY_PCG64DXSM:
        found = oneseed_pcg64dxsm_distance(&from->engine.pcg64, &to->engine.pcg64, words);
        break;
    case ONESEED_NUMPY_PHILOX:
        found = oneseed_philox4x64_distance(&from->engine.philox, &to->engine.philox, words);
        break;
    case ONESEED_NUMPY_SFC64:
        words[0] = oneseed_sfc64_distance(&from->engine.sfc64, &to->engine.sfc64, most_words);
        found = words[0] <= most_words;
        break;
    }
    for (int i = 0; i < 8; i++)
        limbs[i] = (uint32_t)(words[i / 2] >> 32 * (i % 2));
    return found ? big_from_limbs(m, limbs, 8, false) : NONE;
}

static value sum_or_none(vm *m, value a, value b)
{
    return a.kind == V_NONE || b.kind == V_NONE ? NONE : big_operate(m, OP_ADD, a, b);
}

void account(vm *m, struct bitgen *b)
{
    if (!m->settings.explain || !b->seeded)
        return;
    b->n_words = sum_or_none(m, b->n_words, words_between(m, &b->counted, &b->state));
    b->counted = b->state;
}

void account_python(vm *m, struct python_object *p)
{
    if (!m->settings.explain || !p->seeded)
        return;
    p->n_words = sum_or_none(m, p->n_words, words_of_mt19937(m, &p->counted.mt19937, &p->state.mt19937));
    p->counted = p->state;
}

static void put_words(struct writer *w, value n_words, const char *unit)
{
    if (n_words.kind == V_NONE)
        put_text(w, "an unknown number of");
    else
        put_big(w, n_words);
    bool one = n_words.kind == V_INT && n_words.u.i == 1;
    put_format(w, " %.*s", (int)(strlen(unit) - one), unit);
}

static void put_mt19937(struct writer *w, const oneseed_mt19937 *s, bool has_gauss, double gauss)
{
    char text[FLOAT_TEXT];
    put_format(w, "; state: key [%u, %u, %u, …, %u], position %u", s->words[0], s->words[1], s->words[2], s->words[623],
               s->position);
    if (has_gauss) {
        float_repr(gauss, 64, text);
        put_format(w, ", cached normal %s", text);
    }
    put_text(w, "\n");
}

void explain(vm *m, struct writer *w)
{
    static const char *const units[] = {"32-bit words", "64-bit words", "64-bit words", "64-bit words", "64-bit words"};
    for (size_t i = 0; i < m->n_kept; i++) {
        if (m->kept[i].kind == V_TORCH) {
            explain_torch(w, torch_generator_of(m->kept[i]));
            continue;
        }
        if (m->kept[i].kind == V_PYTHON) {
            struct python_object *p = python_of(m->kept[i]);
            if (!p->seeded)
                continue;
            account_python(m, p);
            put_format(w, "%s: MT19937, ", p->label);
            put_words(w, p->n_words, "32-bit words");
            put_mt19937(w, &p->state.mt19937, p->state.has_gauss, p->state.gauss_next);
            continue;
        }
        struct bitgen *b = bitgen_of(m->kept[i]);
        if (!b->seeded)
            continue;
        account(m, b);
        put_format(w, "%s: %s, ", b->label, bitgen_name(m->kept[i]));
        put_words(w, b->n_words, units[b->state.kind]);
        if (b->state.kind == ONESEED_NUMPY_MT19937) {
            put_mt19937(w, &b->state.engine.mt19937, b->state.has_gauss, b->state.gauss);
            continue;
        }
        struct writer state = writer_start(m);
        put_repr(&state, bitgen_state(m, m->kept[i]));
        put_text(w, "; state: ");
        put(w, written(&state), state.n);
        put_text(w, "\n");
    }
}
