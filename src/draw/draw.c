/* draw.c - one run of `oneseed draw`: reads the lines, executes them, writes the answer.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* calloc, free */
#include <string.h> /* memcpy */

#include "draw/answer.h"   /* write_answer */
#include "draw/bind.h"     /* explain */
#include "draw/bind_jax.h" /* jax_options_at_start */
#include "draw/draw.h"
#include "draw/object.h" /* struct object_class */
#include "draw/syntax.h" /* parse, execute */
#include "draw/tensor.h" /* torch_options_at_start */

enum { NOT_WRITTEN = 2 };

void emit(vm *m, const char *bytes, size_t nbytes)
{
    if (nbytes > 0 && !m->settings.write(m->settings.context, bytes, nbytes))
        longjmp(m->failed, NOT_WRITTEN);
}

void print_out(vm *m, const char *bytes, size_t nbytes)
{
    if (m->settings.format == DRAW_TEXT)
        emit(m, bytes, nbytes);
    else
        m->settings.aside(m->settings.context, bytes, nbytes);
}

void echo(vm *m, value v)
{
    if (m->settings.format != DRAW_TEXT)
        return;
    struct writer w = writer_start(m);
    bool address = v.kind == V_PYTHON || v.kind == V_BITGEN || v.kind == V_RANDOMSTATE || v.kind == V_GENERATOR ||
                   v.kind == V_ITERATOR || (v.kind == V_OBJECT && !instance_of(v)->class->put);
    if (address) { /* another in every run: no reason to end this one */
        put_format(&w, "oneseed: draw: line %u, column %u: the prompt shows a %s by its address: left out\n", m->line,
                   m->column, type_name(v));
        m->settings.aside(m->settings.context, written(&w), w.n);
        return;
    }
    put_repr(&w, v);
    put_text(&w, "\n");
    emit(m, written(&w), w.n);
}

void say_once(vm *m, note which, const char *text)
{
    if (m->noted & 1U << which)
        return;
    m->noted |= 1U << which;
    struct writer w = writer_start(m);
    put_format(&w, "oneseed: draw: line %u, column %u: note: %s\n", m->line, m->column, text);
    m->settings.aside(m->settings.context, written(&w), w.n);
}

static bool is_text_alone(const node *n)
{
    return n->kind == N_EXPRESSION && n->a->kind == N_CONSTANT && n->a->constant.kind == V_STR;
}

static void run(vm *m, const char *text, size_t nbytes)
{
    size_t n_statements, n_stripped;
    m->line = m->column = 1;
    const char *input = strip_prompts(m, text, nbytes, &n_stripped);
    node **statements = parse(m, input, n_stripped, &n_statements);
    /* The tree and its constants live as long as the session. */
    m->tree = m->objects;
    m->objects = NULL;
    /* What a module says of itself is not echoed. */
    if (m->settings.is_script && n_statements > 1 && is_text_alone(statements[0])) {
        statements++;
        n_statements--;
    }
    execute(m, statements, n_statements);
    if (m->settings.format != DRAW_TEXT)
        write_answer(m, m->last);
    if (m->settings.explain) {
        struct writer w = writer_start(m);
        explain(m, &w);
        m->settings.aside(m->settings.context, written(&w), w.n);
    }
}

draw_result draw_run(const struct draw_settings *settings, const char *text, size_t nbytes, char *error_out,
                     size_t error_size)
{
    vm *m = calloc(1, sizeof *m);
    if (!m) {
        (void)snprintf(error_out, error_size, "no memory");
        return DRAW_FAILED;
    }
    m->settings = *settings;
    m->print.precision = 8;
    m->torch = torch_options_at_start();
    m->keras.backend = (uint8_t)settings->keras_backend;
    m->keras.floatx = DT_FLOAT32;
    m->jax = jax_options_at_start(settings);
    oneseed_python_hash_key(settings->hash_seed, m->hash_key);
    draw_result result = DRAW_DONE;
    int jumped = setjmp(m->failed);
    if (jumped == 0)
        run(m, text, nbytes);
    if (jumped != 0)
        result = jumped == NOT_WRITTEN ? DRAW_NOT_WRITTEN : DRAW_FAILED;
    (void)snprintf(error_out, error_size, "%s", m->error);
    heap_destroy(m);
    free(m->kept);
    free(m);
    return result;
}
