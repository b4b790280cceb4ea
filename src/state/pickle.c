/* pickle.c - the opcodes of Python's pickles, protocols 0 to 5, as far as they build plain data.
 * SPDX-License-Identifier: MIT
 *
 * The opcodes are those of CPython 3.13's Lib/pickle.py and Lib/pickletools.py. Whatever would import, call or make an instance of
 * something outside the table of pickle_known.c ends the reading with a message that names it; in the files of torch.save(), which hold whole
 * trainings, it stands for nothing: an object that is no state. */
#include <stdlib.h> /* strtod */
#include <string.h> /* memchr, memcpy */

#include "common/bits.h"  /* load32_le */
#include "state/pickle.h" /* pickle_read */

enum { MAX_MEMO = 1 << 20, MAX_DEPTH = 4 };

struct pickle {
    struct values *values;
    const uint8_t *begin, *at, *end;
    const struct pickle_storages *storages;
    unsigned depth;
    struct value *stack; /* lists; a mark on the stack is NULL */
    struct value *memo;
    bool stopped;
};

static bool failed(const struct pickle *p)
{
    return p->values->error[0] != '\0';
}

/* Inside a file of torch.save(). */
static bool in_checkpoint(const struct pickle *p)
{
    return p->storages != NULL;
}

static void cut(struct pickle *p)
{
    values_fail(p->values, "the pickle ends in the middle");
}

/* The next n bytes; NULL when there are not so many. */
static const uint8_t *take(struct pickle *p, uint64_t n)
{
    if (n > (uint64_t)(p->end - p->at)) {
        cut(p);
        return NULL;
    }
    const uint8_t *bytes = p->at;
    p->at += n;
    return bytes;
}

/* A length of 1, 4 or 8 bytes, then as many bytes. */
static const uint8_t *take_counted(struct pickle *p, unsigned n_length_bytes, size_t *n_out)
{
    const uint8_t *length = take(p, n_length_bytes);
    if (!length)
        return NULL;
    uint64_t n = n_length_bytes == 1 ? length[0] : n_length_bytes == 4 ? load32_le(length) : load64_le(length);
    *n_out = (size_t)n;
    return take(p, n);
}

/* A line of the text protocol, without its end. */
static const uint8_t *take_line(struct pickle *p, size_t *n_out)
{
    const uint8_t *end = memchr(p->at, '\n', (size_t)(p->end - p->at));
    if (!end) {
        cut(p);
        return NULL;
    }
    const uint8_t *line = p->at;
    *n_out = (size_t)(end - line);
    p->at = end + 1;
    return line;
}

/* --- Stack and memo ----------------------------------------------------------------------------------------------- */

static void push(struct pickle *p, struct value *value)
{
    if (value)
        (void)value_append(p->values, p->stack, value);
}

static struct value *top(struct pickle *p)
{
    size_t n = p->stack->as.list.n;
    if (n == 0 || !p->stack->as.list.items[n - 1])
        return values_fail(p->values, "the pickle takes a value from an empty stack");
    return p->stack->as.list.items[n - 1];
}

static struct value *pop(struct pickle *p)
{
    struct value *value = top(p);
    if (value)
        p->stack->as.list.n--;
    return value;
}

/* The items above the topmost mark; takes them and the mark off. They stay readable until the next push. */
static struct value **pop_to_mark(struct pickle *p, size_t *n_out)
{
    struct value **items = p->stack->as.list.items;
    for (size_t i = p->stack->as.list.n; i > 0; i--) {
        if (!items[i - 1]) {
            *n_out = p->stack->as.list.n - i;
            p->stack->as.list.n = i - 1;
            return items + i;
        }
    }
    return values_fail(p->values, "the pickle asks for a mark that is not there");
}

static void memo_put(struct pickle *p, uint64_t index)
{
    struct value *value = top(p);
    if (!value)
        return;
    if (index >= MAX_MEMO) {
        values_fail(p->values, "a memo of more than %d values", MAX_MEMO);
        return;
    }
    while (p->memo->as.list.n <= index) {
        if (!value_append(p->values, p->memo, NULL))
            return;
    }
    p->memo->as.list.items[index] = value;
}

static void memo_get(struct pickle *p, uint64_t index)
{
    if (index >= p->memo->as.list.n || !p->memo->as.list.items[index])
        values_fail(p->values, "the pickle asks for a memo that was never made");
    else
        push(p, p->memo->as.list.items[index]);
}

/* The decimal index of GET and PUT in protocol 0. */
static uint64_t take_index(struct pickle *p)
{
    size_t n;
    const uint8_t *line = take_line(p, &n);
    uint64_t index = 0;
    if (line && (n == 0 || n > 9))
        values_fail(p->values, "a memo index of %zu digits", n);
    for (size_t i = 0; line && i < n && !failed(p); i++) {
        if (line[i] < '0' || line[i] > '9')
            values_fail(p->values, "a memo index that is no number");
        index = index * 10 + (line[i] - '0');
    }
    return index;
}

/* --- Values ------------------------------------------------------------------------------------------------------- */

static void push_bytes(struct pickle *p, enum value_type type, unsigned n_length_bytes)
{
    size_t n;
    const uint8_t *bytes = take_counted(p, n_length_bytes, &n);
    if (bytes)
        push(p, value_bytes(p->values, type, bytes, n));
}

static void push_long(struct pickle *p, unsigned n_length_bytes)
{
    size_t n;
    const uint8_t *bytes = take_counted(p, n_length_bytes, &n);
    if (bytes)
        push(p, value_int_bytes(p->values, bytes, n));
}

/* INT and LONG: "12", "12L", and "00" and "01" for False and True. */
static void push_int_line(struct pickle *p, bool may_be_bool)
{
    size_t n;
    const uint8_t *line = take_line(p, &n);
    if (!line)
        return;
    if (may_be_bool && n == 2 && line[0] == '0' && (line[1] == '0' || line[1] == '1')) {
        push(p, value_bool(p->values, line[1] == '1'));
        return;
    }
    if (n > 0 && line[n - 1] == 'L')
        n--;
    push(p, value_int_text(p->values, (const char *)line, n));
}

static void push_float_line(struct pickle *p)
{
    size_t n;
    const uint8_t *line = take_line(p, &n);
    char text[64];
    if (!line)
        return;
    if (n == 0 || n >= sizeof text) {
        values_fail(p->values, "a float of %zu characters", n);
        return;
    }
    memcpy(text, line, n);
    text[n] = '\0';
    char *end;
    double number = strtod(text, &end);
    if (*end != '\0' || end == text)
        values_fail(p->values, "a float that is no number");
    else
        push(p, value_float(p->values, number));
}

static void push_float(struct pickle *p)
{
    const uint8_t *bytes = take(p, 8); /* the highest first */
    if (!bytes)
        return;
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++)
        bits = bits << 8 | bytes[i];
    double number;
    memcpy(&number, &bits, sizeof number);
    push(p, value_float(p->values, number));
}

static unsigned hex_digits(const uint8_t *text, size_t n, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = text[i];
        if (c >= '0' && c <= '9')
            *out = *out << 4 | (uint32_t)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            *out = *out << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
        else
            return 0;
    }
    return 1;
}

static size_t put_utf8(uint8_t *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        out[i] = (uint8_t)(0x80 | (c & 0x3f));
    out[0] = (uint8_t)(0xf00 >> n | c);
    return n;
}

/* UNICODE of protocol 0: Latin-1 with \uXXXX and \UXXXXXXXX. */
static void push_unicode_line(struct pickle *p)
{
    size_t n, n_out = 0;
    const uint8_t *line = take_line(p, &n);
    uint8_t *out = line ? values_alloc(p->values, 2 * n + 1) : NULL;
    if (!out)
        return;
    for (size_t i = 0; i < n;) {
        uint32_t c = line[i];
        size_t n_digits = c == '\\' && i + 1 < n ? (line[i + 1] == 'u' ? 4 : line[i + 1] == 'U' ? 8 : 0) : 0;
        i++;
        if (n_digits > 0) {
            if (n - i < 1 + n_digits || !hex_digits(line + i + 1, n_digits, &c) || c > 0x10ffff) {
                values_fail(p->values, "a text with a broken escape");
                return;
            }
            i += 1 + n_digits;
        }
        n_out += put_utf8(out + n_out, c);
    }
    push(p, value_bytes(p->values, VALUE_TEXT, out, n_out));
}

/* STRING of protocol 0: a text of Python 2 as its repr. */
static void push_string_line(struct pickle *p)
{
    size_t n, n_out = 0;
    const uint8_t *line = take_line(p, &n);
    if (line && (n < 2 || (line[0] != '\'' && line[0] != '"') || line[n - 1] != line[0])) {
        values_fail(p->values, "a text without quotes");
        return;
    }
    uint8_t *out = line ? values_alloc(p->values, n) : NULL;
    if (!out)
        return;
    for (size_t i = 1; i < n - 1; i++) {
        uint32_t c = line[i];
        if (c == '\\' && i + 1 < n - 1) {
            static const char letters[] = "n\nr\rt\t\\\\'\'\"\"";
            i++;
            const char *letter = NULL;
            for (size_t k = 0; letters[k] != '\0'; k += 2)
                letter = letters[k] == (char)line[i] ? &letters[k + 1] : letter;
            if (line[i] == 'x' && n - 1 - i > 2 && hex_digits(line + i + 1, 2, &c))
                i += 2;
            else if (letter)
                c = (uint8_t)*letter;
            else {
                values_fail(p->values, "a text with a broken escape");
                return;
            }
        }
        out[n_out++] = (uint8_t)c;
    }
    push(p, value_bytes(p->values, VALUE_TEXT, out, n_out));
}

static void push_tuple(struct pickle *p, size_t n)
{
    if (p->stack->as.list.n < n) {
        values_fail(p->values, "the pickle takes a value from an empty stack");
        return;
    }
    struct value **items = p->stack->as.list.items + p->stack->as.list.n - n;
    for (size_t i = 0; i < n; i++) {
        if (!items[i]) {
            values_fail(p->values, "the pickle takes a value from an empty stack");
            return;
        }
    }
    p->stack->as.list.n -= n;
    push(p, value_list(p->values, items, n));
}

static void push_to_mark(struct pickle *p, enum value_type type)
{
    size_t n = 0;
    struct value **items = pop_to_mark(p, &n);
    if (!items)
        return;
    if (type == VALUE_DICT && n % 2 != 0) {
        values_fail(p->values, "a dict with a key and no value");
        return;
    }
    struct value *list = value_list(p->values, items, n);
    if (list)
        list->type = type;
    push(p, list);
}

/* APPENDS and SETITEMS, of n items when there is no mark. */
static void add_items(struct pickle *p, enum value_type type, size_t n)
{
    struct value *items[2] = {NULL, NULL}, **from = items;
    if (n > 0) {
        for (size_t i = n; i > 0; i--)
            items[i - 1] = pop(p);
    } else {
        from = pop_to_mark(p, &n);
    }
    struct value *to = failed(p) ? NULL : top(p);
    if (!to)
        return;
    if (in_checkpoint(p) && to->type == VALUE_OBJECT) /* a list or dict of a class that is not known */
        return;
    if (to->type != type || (type == VALUE_DICT && n % 2 != 0)) {
        values_fail(p->values, "items for something that is no %s", type == VALUE_LIST ? "list" : "dict");
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (!value_append(p->values, to, from[i]))
            return;
    }
}

/* --- Names, calls, states ----------------------------------------------------------------------------------------- */

static void push_name(struct pickle *p, const uint8_t *module, size_t n_module, const uint8_t *name, size_t n_name)
{
    uint8_t *both = values_alloc(p->values, n_module + 1 + n_name);
    if (!both)
        return;
    memcpy(both, module, n_module);
    both[n_module] = ' ';
    memcpy(both + n_module + 1, name, n_name);
    struct value *value = value_bytes(p->values, VALUE_NAME, both, n_module + 1 + n_name);
    if (value && !in_checkpoint(p) && !pickle_knows(value)) {
        char printable_module[64], printable_name[64];
        values_fail(p->values, "it asks for %s.%s: only plain data is read, nothing is imported or called",
                    value_printable(printable_module, module, n_module), value_printable(printable_name, name, n_name));
        return;
    }
    push(p, value);
}

static void push_global(struct pickle *p)
{
    size_t n_module, n_name;
    const uint8_t *module = take_line(p, &n_module);
    const uint8_t *name = module ? take_line(p, &n_name) : NULL;
    if (name)
        push_name(p, module, n_module, name, n_name);
}

static void push_stack_global(struct pickle *p)
{
    const struct value *name = pop(p), *module = name ? pop(p) : NULL;
    if (!module)
        return;
    if (name->type != VALUE_TEXT || module->type != VALUE_TEXT) {
        values_fail(p->values, "a name that is no text");
        return;
    }
    push_name(p, module->as.text.bytes, module->as.text.n, name->as.text.bytes, name->as.text.n);
}

static void reduce(struct pickle *p)
{
    const struct value *arguments = pop(p), *name = arguments ? pop(p) : NULL;
    if (!name)
        return;
    bool is_called = name->type == VALUE_NAME || (in_checkpoint(p) && name->type == VALUE_OBJECT);
    if (!is_called || arguments->type != VALUE_LIST)
        values_fail(p->values, "a call of something that is no known name");
    else
        push(p, pickle_call(p->values, name, arguments, p->depth));
}

/* NEWOBJ and NEWOBJ_EX: an object of a class, its arguments, and keywords. */
static void push_object(struct pickle *p, bool has_keywords)
{
    if (has_keywords)
        (void)pop(p);
    reduce(p);
}

static void build(struct pickle *p)
{
    const struct value *state = pop(p);
    struct value *object = state ? top(p) : NULL;
    if (object)
        (void)pickle_set_state(p->values, object, state);
}

static void push_persistent(struct pickle *p)
{
    const struct value *id = pop(p);
    if (id)
        push(p, pickle_storage(p->values, id, p->storages));
}

static void refuse(struct pickle *p, uint8_t opcode)
{
    static const struct {
        uint8_t opcode;
        const char *name;
    } names[] = {
        {'P', "PERSID"},     {'i', "INST"},       {'o', "OBJ"},          {0x82, "EXT1"},
        {0x83, "EXT2"},      {0x84, "EXT4"},      {0x8f, "EMPTY_SET"},   {0x90, "ADDITEMS"},
        {0x91, "FROZENSET"}, {0x92, "NEWOBJ_EX"}, {0x97, "NEXT_BUFFER"}, {0x98, "READONLY_BUFFER"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].opcode == opcode) {
            values_fail(p->values, "it has the opcode %s: only plain data is read", names[i].name);
            return;
        }
    }
    values_fail(p->values, "byte 0x%02x at %zu is no opcode of a pickle", opcode, (size_t)(p->at - 1 - p->begin));
}

/* --- The opcodes -------------------------------------------------------------------------------------------------- */

/* Those with a number or a length behind them; false: another one. */
static bool step_scalar(struct pickle *p, uint8_t opcode)
{
    const uint8_t *bytes;
    switch (opcode) {
    case 'J': /* BININT */
        bytes = take(p, 4);
        if (bytes)
            push(p, value_i64(p->values, (int32_t)load32_le(bytes)));
        return true;
    case 'K': /* BININT1 */
        bytes = take(p, 1);
        if (bytes)
            push(p, value_u64(p->values, bytes[0]));
        return true;
    case 'M': /* BININT2 */
        bytes = take(p, 2);
        if (bytes)
            push(p, value_u64(p->values, load16_le(bytes)));
        return true;
    case 0x8a: /* LONG1 */
        push_long(p, 1);
        return true;
    case 0x8b: /* LONG4 */
        push_long(p, 4);
        return true;
    case 'I': /* INT */
        push_int_line(p, true);
        return true;
    case 'L': /* LONG */
        push_int_line(p, false);
        return true;
    case 'F': /* FLOAT */
        push_float_line(p);
        return true;
    case 'G': /* BINFLOAT */
        push_float(p);
        return true;
    case 'N': /* NONE */
        push(p, value_new(p->values, VALUE_NONE));
        return true;
    case 0x88: /* NEWTRUE */
    case 0x89: /* NEWFALSE */
        push(p, value_bool(p->values, opcode == 0x88));
        return true;
    case 'S': /* STRING */
        push_string_line(p);
        return true;
    case 'V': /* UNICODE */
        push_unicode_line(p);
        return true;
    case 'T': /* BINSTRING */
    case 'X': /* BINUNICODE */
        push_bytes(p, VALUE_TEXT, 4);
        return true;
    case 'U':  /* SHORT_BINSTRING */
    case 0x8c: /* SHORT_BINUNICODE */
        push_bytes(p, VALUE_TEXT, 1);
        return true;
    case 0x8d: /* BINUNICODE8 */
        push_bytes(p, VALUE_TEXT, 8);
        return true;
    case 'C': /* SHORT_BINBYTES */
        push_bytes(p, VALUE_BYTES, 1);
        return true;
    case 'B': /* BINBYTES */
        push_bytes(p, VALUE_BYTES, 4);
        return true;
    case 0x8e: /* BINBYTES8 */
    case 0x96: /* BYTEARRAY8 */
        push_bytes(p, VALUE_BYTES, 8);
        return true;
    default:
        return false;
    }
}

static bool step_container(struct pickle *p, uint8_t opcode)
{
    switch (opcode) {
    case ')': /* EMPTY_TUPLE */
    case ']': /* EMPTY_LIST */
        push(p, value_new(p->values, VALUE_LIST));
        return true;
    case '}': /* EMPTY_DICT */
        push(p, value_new(p->values, VALUE_DICT));
        return true;
    case 't': /* TUPLE */
    case 'l': /* LIST */
        push_to_mark(p, VALUE_LIST);
        return true;
    case 'd': /* DICT */
        push_to_mark(p, VALUE_DICT);
        return true;
    case 0x85: /* TUPLE1, TUPLE2, TUPLE3 */
    case 0x86:
    case 0x87:
        push_tuple(p, opcode - 0x84u);
        return true;
    case 'a': /* APPEND */
        add_items(p, VALUE_LIST, 1);
        return true;
    case 'e': /* APPENDS */
        add_items(p, VALUE_LIST, 0);
        return true;
    case 's': /* SETITEM */
        add_items(p, VALUE_DICT, 2);
        return true;
    case 'u': /* SETITEMS */
        add_items(p, VALUE_DICT, 0);
        return true;
    default:
        return false;
    }
}

static bool step_memo(struct pickle *p, uint8_t opcode)
{
    const uint8_t *bytes;
    switch (opcode) {
    case 'p': /* PUT */
        memo_put(p, take_index(p));
        return true;
    case 'q': /* BINPUT */
        bytes = take(p, 1);
        if (bytes)
            memo_put(p, bytes[0]);
        return true;
    case 'r': /* LONG_BINPUT */
        bytes = take(p, 4);
        if (bytes)
            memo_put(p, load32_le(bytes));
        return true;
    case 0x94: /* MEMOIZE */
        memo_put(p, p->memo->as.list.n);
        return true;
    case 'g': /* GET */
        memo_get(p, take_index(p));
        return true;
    case 'h': /* BINGET */
        bytes = take(p, 1);
        if (bytes)
            memo_get(p, bytes[0]);
        return true;
    case 'j': /* LONG_BINGET */
        bytes = take(p, 4);
        if (bytes)
            memo_get(p, load32_le(bytes));
        return true;
    default:
        return false;
    }
}

static void step_other(struct pickle *p, uint8_t opcode)
{
    const uint8_t *bytes;
    size_t n;
    switch (opcode) {
    case 0x80: /* PROTO */
        bytes = take(p, 1);
        if (bytes && bytes[0] > 5)
            values_fail(p->values, "a pickle of protocol %u: 0 to 5 are read", bytes[0]);
        break;
    case 0x95: /* FRAME: its length is for those who read from a pipe */
        (void)take(p, 8);
        break;
    case '(': /* MARK */
        (void)value_append(p->values, p->stack, NULL);
        break;
    case '0': /* POP: a mark, too */
        if (p->stack->as.list.n == 0)
            values_fail(p->values, "the pickle takes a value from an empty stack");
        else
            p->stack->as.list.n--;
        break;
    case '1': /* POP_MARK */
        (void)pop_to_mark(p, &n);
        break;
    case '2': /* DUP */
        push(p, top(p));
        break;
    case 'c': /* GLOBAL */
        push_global(p);
        break;
    case 0x93: /* STACK_GLOBAL */
        push_stack_global(p);
        break;
    case 0x81: /* NEWOBJ: a known name and arguments, as REDUCE */
        push_object(p, false);
        break;
    case 0x92: /* NEWOBJ_EX */
        if (in_checkpoint(p))
            push_object(p, true);
        else
            refuse(p, opcode);
        break;
    case 0x8f: /* EMPTY_SET, ADDITEMS, FROZENSET: no state is in a set */
        if (in_checkpoint(p))
            push(p, value_new(p->values, VALUE_NONE));
        else
            refuse(p, opcode);
        break;
    case 0x90:
    case 0x91:
        if (!in_checkpoint(p))
            refuse(p, opcode);
        else if (pop_to_mark(p, &n) && opcode == 0x91)
            push(p, value_new(p->values, VALUE_NONE));
        break;
    case 'R': /* REDUCE */
        reduce(p);
        break;
    case 'b': /* BUILD */
        build(p);
        break;
    case 'Q': /* BINPERSID */
        push_persistent(p);
        break;
    case '.': /* STOP */
        p->stopped = true;
        break;
    default:
        refuse(p, opcode);
    }
}

const struct value *pickle_read(struct values *values, const uint8_t *bytes, size_t n,
                                const struct pickle_storages *storages, unsigned depth, size_t *n_used_out)
{
    if (depth > MAX_DEPTH)
        return values_fail(values, "pickles in pickles, deeper than %d", MAX_DEPTH);
    struct pickle p = {.values = values, .begin = bytes, .at = bytes, .end = bytes + n, .storages = storages};
    p.depth = depth;
    p.stack = value_new(values, VALUE_LIST);
    p.memo = value_new(values, VALUE_LIST);
    while (!failed(&p) && !p.stopped) {
        const uint8_t *opcode = take(&p, 1);
        if (opcode && !step_scalar(&p, *opcode) && !step_container(&p, *opcode) && !step_memo(&p, *opcode))
            step_other(&p, *opcode);
    }
    const struct value *result = failed(&p) ? NULL : pop(&p);
    if (n_used_out)
        *n_used_out = (size_t)(p.at - bytes);
    return result;
}
