/* _core_lines_plan.c - reads from bytecode which names each line of a code object reads and binds.
 * SPDX-License-Identifier: MIT
 *
 * No Python code is run for it: it happens between two lines of the program. Lines of one statement share their names:
 * control goes back and forth between them before the statement has done anything. */
#include "_core_lines.h"

#include <stdlib.h> /* qsort */
#include <string.h> /* memcpy, strcmp */

extern const char *PyUnicode_AsUTF8AndSize(PyObject *text, Py_ssize_t *nbytes); /* limited from 3.10 */
extern void *PyMem_Calloc(size_t n, size_t nbytes);                             /* the same */

enum { NEST = 4, CODE_IS_GENERATOR = 0x20 | 0x80 | 0x200 };

/* What a code object is made of; all strong. */
struct code_parts {
    PyObject *bytes, *names, *constants, *locals, *cells, *free;
};

struct maker {
    const struct opcode_table *table;
    struct plan *plan;
    unsigned lines_space, mentions_space;
    unsigned *group;        /* of each line: index of another line of the statement, or its own */
    unsigned line;          /* index of the present line */
    struct mention pending; /* name NULL: none */
    int *run;               /* lines, as indices, that were passed without a jump */
    unsigned n_run, run_space;
    bool failed;
};

static PyObject *part(PyObject *code, const char *name)
{
    PyObject *value = PyObject_GetAttrString(code, name);
    if (!value)
        PyErr_Clear();
    return value;
}

static bool get_parts(PyObject *code, struct code_parts *parts)
{
    *parts = (struct code_parts){part(code, "co_code"),     part(code, "co_names"),    part(code, "co_consts"),
                                 part(code, "co_varnames"), part(code, "co_cellvars"), part(code, "co_freevars")};
    return parts->bytes && PyBytes_Check(parts->bytes) && parts->names && parts->constants && parts->locals &&
           parts->cells && parts->free;
}

static void drop_parts(struct code_parts *parts)
{
    Py_XDECREF(parts->bytes);
    Py_XDECREF(parts->names);
    Py_XDECREF(parts->constants);
    Py_XDECREF(parts->locals);
    Py_XDECREF(parts->cells);
    Py_XDECREF(parts->free);
}

static int number_of(PyObject *code, const char *name)
{
    PyObject *value = part(code, name);
    int number = value && PyLong_Check(value) ? (int)PyLong_AsLong(value) : 0;
    Py_XDECREF(value);
    PyErr_Clear();
    return number;
}

static void *grow(struct maker *maker, void *array, unsigned n, unsigned *space, size_t item_nbytes)
{
    if (n < *space)
        return array;
    unsigned wanted = *space ? *space * 2 : 32;
    void *grown = PyMem_Realloc(array, wanted * item_nbytes);
    if (!grown) {
        maker->failed = true;
        return array;
    }
    *space = wanted;
    return grown;
}

/* ---- lines ---- */

static unsigned root_of(const struct maker *maker, unsigned line)
{
    while (maker->group[line] != line)
        line = maker->group[line];
    return line;
}

static unsigned line_index(struct maker *maker, int line)
{
    struct plan *plan = maker->plan;
    for (unsigned i = plan->n_lines; i-- > 0;)
        if (plan->lines[i].line == line)
            return i;
    unsigned space = maker->lines_space;
    plan->lines = grow(maker, plan->lines, plan->n_lines, &maker->lines_space, sizeof *plan->lines);
    if (!maker->failed && maker->lines_space != space) {
        unsigned *group = PyMem_Realloc(maker->group, maker->lines_space * sizeof *group);
        maker->failed = !group;
        maker->group = group ? group : maker->group;
    }
    if (maker->failed)
        return 0;
    plan->lines[plan->n_lines] = (struct plan_line){.line = line};
    maker->group[plan->n_lines] = plan->n_lines;
    return plan->n_lines++;
}

/* Control goes on to another line. When it comes back to a line without any jump, all lines since are one statement. */
static void next_line(struct maker *maker, int line)
{
    unsigned index = line_index(maker, line);
    if (maker->failed)
        return;
    maker->line = index;
    for (unsigned i = maker->n_run; i-- > 0;)
        if (maker->run[i] == (int)index) {
            for (unsigned k = i + 1; k < maker->n_run; k++)
                maker->group[root_of(maker, (unsigned)maker->run[k])] = root_of(maker, index);
            return;
        }
    maker->run = grow(maker, maker->run, maker->n_run, &maker->run_space, sizeof *maker->run);
    if (!maker->failed)
        maker->run[maker->n_run++] = (int)index;
}

/* ---- mentions ---- */

static bool same_mention(const struct mention *a, const struct mention *b)
{
    bool same = a->line == b->line && a->base == b->base && a->name == b->name && a->n_attributes == b->n_attributes;
    for (unsigned i = 0; same && i < a->n_attributes; i++)
        same = a->attributes[i] == b->attributes[i];
    return same;
}

static void add_mention(struct maker *maker, const struct mention *mention)
{
    struct plan *plan = maker->plan;
    for (unsigned i = plan->n_mentions; i-- > 0 && plan->n_mentions - i <= 64;)
        if (same_mention(&plan->mentions[i], mention)) {
            plan->mentions[i].reads |= mention->reads;
            plan->mentions[i].binds |= mention->binds;
            return;
        }
    plan->mentions = grow(maker, plan->mentions, plan->n_mentions, &maker->mentions_space, sizeof *plan->mentions);
    if (maker->failed)
        return;
    plan->mentions[plan->n_mentions++] = *mention;
    Py_INCREF(mention->name);
    for (unsigned i = 0; i < mention->n_attributes; i++)
        Py_INCREF(mention->attributes[i]);
}

static void flush(struct maker *maker)
{
    if (maker->pending.name)
        add_mention(maker, &maker->pending);
    maker->pending.name = NULL;
}

/* Borrowed; NULL when there is no such item. */
static PyObject *item(PyObject *tuple, Py_ssize_t i)
{
    return PyTuple_Check(tuple) && i >= 0 && i < PyTuple_Size(tuple) ? PyTuple_GetItem(tuple, i) : NULL;
}

static bool contains(PyObject *tuple, PyObject *name)
{
    for (Py_ssize_t i = 0; i < PyTuple_Size(tuple); i++)
        if (PyTuple_GetItem(tuple, i) == name)
            return true;
    return false;
}

/* Name of the variable at `slot`: locals, cells that are not locals too, free variables (all in one from 3.11). */
static PyObject *variable_name(const struct code_parts *parts, Py_ssize_t slot)
{
    PyObject *name = item(parts->locals, slot);
    slot -= PyTuple_Size(parts->locals);
    for (Py_ssize_t i = 0; !name && i < PyTuple_Size(parts->cells); i++)
        if (!contains(parts->locals, PyTuple_GetItem(parts->cells, i)) && slot-- == 0)
            return PyTuple_GetItem(parts->cells, i);
    return name ? name : item(parts->free, slot);
}

static struct mention fast(const struct maker *maker, const struct code_parts *parts, int argument, bool cell)
{
    struct mention mention = {.base = MENTION_FAST, .slot = argument, .line = maker->line};
    if (cell && maker->table->cells_apart) {
        mention.slot = (int)PyTuple_Size(parts->locals) + argument;
        mention.name = item(parts->cells, argument);
        if (!mention.name)
            mention.name = item(parts->free, argument - PyTuple_Size(parts->cells));
    } else {
        mention.name = variable_name(parts, argument);
    }
    return mention;
}

static struct mention named(const struct maker *maker, enum mention_base base, PyObject *name)
{
    return (struct mention){.base = base, .name = name, .line = maker->line};
}

static void load(struct maker *maker, struct mention mention)
{
    flush(maker);
    mention.reads = true;
    maker->pending = mention;
}

static void store(struct maker *maker, struct mention mention)
{
    flush(maker);
    mention.binds = true;
    if (mention.name)
        add_mention(maker, &mention);
}

static void load_attribute(struct maker *maker, PyObject *name)
{
    struct mention *pending = &maker->pending;
    if (pending->name && name && pending->n_attributes < MENTION_ATTRIBUTES)
        pending->attributes[pending->n_attributes++] = name;
    else
        flush(maker);
}

static void store_attribute(struct maker *maker, PyObject *name)
{
    struct mention *pending = &maker->pending;
    if (pending->name && name && pending->n_attributes < MENTION_ATTRIBUTES) {
        /* The object is read, but not the attribute's old value. */
        pending->attributes[pending->n_attributes++] = name;
        pending->reads = false;
        pending->binds = true;
        flush(maker);
        return;
    }
    flush(maker); /* self.x += 1: the attribute was read on this line before */
    for (unsigned i = 0; i < maker->plan->n_mentions; i++) {
        struct mention *mention = &maker->plan->mentions[i];
        if (mention->line == maker->line && mention->n_attributes > 0 &&
            mention->attributes[mention->n_attributes - 1] == name)
            mention->binds = true;
    }
}

/* ---- instructions ---- */

static bool is_inner(PyObject *code)
{
    static const char *const inner[] = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>", "<lambda>"};
    PyObject *name = part(code, "co_name");
    bool found = false;
    for (size_t i = 0; name && i < sizeof inner / sizeof *inner; i++)
        found = found || PyUnicode_CompareWithASCIIString(name, inner[i]) == 0;
    Py_XDECREF(name);
    return found;
}

static void scan(struct maker *maker, PyObject *code, const struct code_parts *parts, const int *lines, int nest);

/* Code that the line makes and mostly calls at once: the globals that it reads are read by this line. Its closure's
 * variables are loaded by the line itself. */
static void scan_inner(struct maker *maker, PyObject *constant, PyObject *code, int nest)
{
    struct code_parts parts;
    if (!constant || Py_TYPE(constant) != Py_TYPE(code) || nest + 1 >= NEST || !is_inner(constant))
        return;
    if (get_parts(constant, &parts))
        scan(maker, constant, &parts, NULL, nest + 1);
    drop_parts(&parts);
}

static void instruction(struct maker *maker, const struct code_parts *parts, enum opcode_action action, int argument)
{
    switch (action) {
    case ACTION_LOAD_FAST:
        load(maker, fast(maker, parts, argument, false));
        break;
    case ACTION_STORE_FAST:
        store(maker, fast(maker, parts, argument, false));
        break;
    case ACTION_LOAD_DEREF:
        load(maker, fast(maker, parts, argument, true));
        break;
    case ACTION_STORE_DEREF:
        store(maker, fast(maker, parts, argument, true));
        break;
    case ACTION_LOAD_FAST_LOAD_FAST:
        load(maker, fast(maker, parts, argument >> 4, false));
        load(maker, fast(maker, parts, argument & 15, false));
        break;
    case ACTION_STORE_FAST_LOAD_FAST:
        store(maker, fast(maker, parts, argument >> 4, false));
        load(maker, fast(maker, parts, argument & 15, false));
        break;
    case ACTION_STORE_FAST_STORE_FAST:
        store(maker, fast(maker, parts, argument >> 4, false));
        store(maker, fast(maker, parts, argument & 15, false));
        break;
    case ACTION_LOAD_NAME:
        load(maker, named(maker, MENTION_NAME, item(parts->names, argument)));
        break;
    case ACTION_STORE_NAME:
        store(maker, named(maker, MENTION_NAME, item(parts->names, argument)));
        break;
    case ACTION_STORE_GLOBAL:
        store(maker, named(maker, MENTION_GLOBAL, item(parts->names, argument)));
        break;
    case ACTION_STORE_ATTR:
        store_attribute(maker, item(parts->names, argument));
        break;
    case ACTION_STORE_SUBSCRIPT:
        flush(maker);
        maker->plan->lines[maker->line].changes = true;
        break;
    case ACTION_JUMP:
        flush(maker);
        maker->n_run = 0;
        break;
    default:
        flush(maker);
    }
}

/* lines: of each instruction, 0 = none; NULL for inner code, of which only globals count. */
static void scan(struct maker *maker, PyObject *code, const struct code_parts *parts, const int *lines, int nest)
{
    const unsigned char *bytes = (const unsigned char *)PyBytes_AsString(parts->bytes);
    Py_ssize_t n = PyBytes_Size(parts->bytes) / 2;
    int extended = 0, present = 0;
    for (Py_ssize_t i = 0; i < n && !maker->failed; i++) {
        enum opcode_action action = maker->table->actions[bytes[2 * i]];
        int argument = extended << 8 | bytes[2 * i + 1];
        extended = action == ACTION_EXTENDED_ARG ? argument : 0;
        if (lines && lines[i] && lines[i] != present) {
            flush(maker);
            present = lines[i];
            next_line(maker, present);
        }
        if (action == ACTION_NEUTRAL || action == ACTION_EXTENDED_ARG || (lines && !present) || maker->failed)
            continue;
        if (action == ACTION_LOAD_GLOBAL) {
            PyObject *name = item(parts->names, argument >> maker->table->global_shift);
            load(maker, named(maker, MENTION_GLOBAL, name));
        } else if (action == ACTION_LOAD_ATTR) {
            load_attribute(maker, item(parts->names, argument >> maker->table->attribute_shift));
        } else if (action == ACTION_LOAD_CONST) {
            flush(maker);
            scan_inner(maker, item(parts->constants, argument), code, nest);
        } else if (lines) {
            instruction(maker, parts, action, argument);
        } else {
            flush(maker);
        }
    }
    flush(maker);
}

/* ---- line tables ---- */

/* From 3.10: co_lines() gives (first byte, end, line or None). */
static bool lines_of_ranges(PyObject *code, int *lines, Py_ssize_t n)
{
    PyObject *ranges = PyObject_CallMethod(code, "co_lines", NULL), *range;
    bool ok = ranges && PyIter_Check(ranges);
    while (ok && (range = PyIter_Next(ranges))) {
        PyObject *line = item(range, 2);
        Py_ssize_t first = PyLong_AsSsize_t(item(range, 0)), end = PyLong_AsSsize_t(item(range, 1));
        for (Py_ssize_t i = first / 2; line && line != Py_None && i < end / 2 && i < n; i++)
            lines[i] = (int)PyLong_AsLong(line);
        Py_DECREF(range);
    }
    Py_XDECREF(ranges);
    PyErr_Clear();
    return ok;
}

/* 3.9: pairs of (bytes, lines) to add. */
static bool lines_of_steps(PyObject *code, int *lines, Py_ssize_t n)
{
    PyObject *steps = part(code, "co_lnotab");
    bool ok = steps && PyBytes_Check(steps);
    int line = number_of(code, "co_firstlineno");
    Py_ssize_t at = 0;
    for (Py_ssize_t k = 0; ok && k + 1 < PyBytes_Size(steps); k += 2) {
        const char *bytes = PyBytes_AsString(steps);
        Py_ssize_t end = at + (unsigned char)bytes[k];
        for (; at < end; at++)
            if (at / 2 < n)
                lines[at / 2] = line;
        line += (signed char)bytes[k + 1];
    }
    for (Py_ssize_t i = at / 2; ok && i < n; i++)
        lines[i] = line;
    Py_XDECREF(steps);
    return ok;
}

/* ---- the finished plan ---- */

static int by_line(const void *a, const void *b)
{
    const struct plan_line *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

static int by_group(const void *a, const void *b)
{
    const struct mention *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

/* Mentions of one statement lie together; every line of the statement gets all of them. */
static void arrange(struct maker *maker)
{
    struct plan *plan = maker->plan;
    for (unsigned i = 0; i < plan->n_mentions; i++)
        plan->mentions[i].line = root_of(maker, plan->mentions[i].line);
    qsort(plan->mentions, plan->n_mentions, sizeof *plan->mentions, by_group);
    for (unsigned i = 0; i < plan->n_lines; i++) {
        struct plan_line *line = &plan->lines[i];
        unsigned root = root_of(maker, i), first = 0, end;
        while (first < plan->n_mentions && plan->mentions[first].line < root)
            first++;
        for (end = first; end < plan->n_mentions && plan->mentions[end].line == root;)
            end++;
        line->first_mention = first;
        line->n_mentions = end - first;
        plan->lines[root].changes |= line->changes;
    }
    for (unsigned i = 0; i < plan->n_lines; i++)
        plan->lines[i].changes = plan->lines[root_of(maker, i)].changes;
    qsort(plan->lines, plan->n_lines, sizeof *plan->lines, by_line);
}

struct plan *plan_make(PyObject *code, const struct opcode_table *table)
{
    struct maker maker = {.table = table, .plan = PyMem_Calloc(1, sizeof *maker.plan)};
    struct code_parts parts;
    bool ok = get_parts(code, &parts) && maker.plan;
    Py_ssize_t n = ok ? PyBytes_Size(parts.bytes) / 2 : 0;
    int *lines = ok ? PyMem_Calloc((size_t)n + 1, sizeof *lines) : NULL;
    ok = lines && (PyObject_HasAttrString(code, "co_lines") ? lines_of_ranges : lines_of_steps)(code, lines, n);
    if (ok) {
        maker.plan->follow = true;
        maker.plan->is_generator = (number_of(code, "co_flags") & CODE_IS_GENERATOR) != 0;
        scan(&maker, code, &parts, lines, 0);
        ok = !maker.failed;
    }
    if (ok && maker.group) /* it has lines */
        arrange(&maker);
    if (!ok && maker.plan)
        plan_free(maker.plan);
    drop_parts(&parts);
    PyMem_Free(lines);
    PyMem_Free(maker.group);
    PyMem_Free(maker.run);
    PyErr_Clear();
    return ok ? maker.plan : NULL;
}

void plan_free(struct plan *plan)
{
    for (unsigned i = 0; i < plan->n_mentions; i++) {
        Py_DECREF(plan->mentions[i].name);
        for (unsigned k = 0; k < plan->mentions[i].n_attributes; k++)
            Py_DECREF(plan->mentions[i].attributes[k]);
    }
    PyMem_Free(plan->lines);
    PyMem_Free(plan->mentions);
    PyMem_Free(plan);
}

struct plan_line *plan_find(const struct plan *plan, int line)
{
    unsigned low = 0, high = plan->n_lines;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (plan->lines[middle].line < line)
            low = middle + 1;
        else
            high = middle;
    }
    return low < plan->n_lines && plan->lines[low].line == line ? &plan->lines[low] : NULL;
}

static size_t append(char *text, size_t at, size_t nbytes, const char *more)
{
    size_t n = strlen(more);
    if (n > nbytes - at)
        n = nbytes - at;
    memcpy(text + at, more, n);
    return at + n;
}

static size_t append_mention(char *text, size_t at, size_t nbytes, const struct mention *mention)
{
    PyObject *const *names = mention->attributes;
    for (unsigned i = 0; i <= mention->n_attributes; i++) {
        const char *name = PyUnicode_AsUTF8AndSize(i ? names[i - 1] : mention->name, &(Py_ssize_t){0});
        PyErr_Clear();
        at = append(text, at, nbytes, i ? "." : "");
        at = append(text, at, nbytes, name ? name : "?");
    }
    return at;
}

size_t plan_describe(const struct plan *plan, const struct plan_line *line, char *text, size_t nbytes)
{
    size_t n = 0;
    for (int part_of = 0; part_of < 2; part_of++) {
        size_t start = n;
        for (unsigned i = line->first_mention; i < line->first_mention + line->n_mentions; i++) {
            const struct mention *mention = &plan->mentions[i];
            if (!(part_of == 0 ? mention->reads : mention->binds))
                continue;
            n = append(text, n, nbytes, n > start ? ", " : "");
            n = append_mention(text, n, nbytes, mention);
        }
        if (part_of == 0)
            n = append(text, n, nbytes, n ? " >" : ">");
        if (part_of == 0)
            n = append(text, n, nbytes, " ");
    }
    return n && text[n - 1] == ' ' ? n - 1 : n;
}
