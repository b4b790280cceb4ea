/* sequences.c - walking, indexing, slicing and sorting of Python's containers.
 * SPDX-License-Identifier: MIT */
#include <stdlib.h> /* NULL */
#include <string.h> /* memcpy */

#include "draw/iterators.h" /* iterator_next */
#include "draw/jax_array.h" /* is_jax */
#include "draw/ndarray.h"   /* array_get, array_item */
#include "draw/object.h"    /* struct object_class */
#include "draw/sequences.h"
#include "draw/tensor.h" /* tensor_get */

uint64_t value_length(vm *m, value v)
{
    switch (v.kind) {
    case V_STR:
    case V_NPSTR:
    case V_BYTES:
        return v.u.text->n_points;
    case V_LIST:
    case V_TUPLE:
        return v.u.seq->n;
    case V_VIEW:
        return v.u.view->dict.u.dict->n;
    case V_DICT:
        return v.u.dict->n;
    case V_SET:
        return v.u.set->used;
    case V_RANGE:
        return v.u.range->n;
    case V_ARRAY:
        if (v.u.array->n_dims > 0)
            return (uint64_t)v.u.array->shape[0];
        type_error(m, "len() of unsized object");
    case V_TENSOR:
        if (v.u.tensor->array->n_dims > 0)
            return (uint64_t)v.u.tensor->array->shape[0];
        type_error(m, "len() of a 0-d tensor");
    case V_OBJECT:
        if (instance_of(v)->class->length)
            return instance_of(v)->class->length(m, v);
        /* fall through */
    default:
        type_error(m, "object of type '%s' has no len()", type_name(v));
    }
}

const char *text_at(const struct text *text, size_t i, size_t *nbytes_out)
{
    const char *at = text->bytes, *end = at + text->nbytes;
    bool bytes = text->header.kind == V_BYTES || text->n_points == text->nbytes;
    if (bytes) {
        *nbytes_out = 1;
        return at + i;
    }
    for (;; i--) {
        const char *next = at + 1;
        while (next < end && ((unsigned char)*next & 0xc0) == 0x80)
            next++;
        if (i == 0) {
            *nbytes_out = (size_t)(next - at);
            return at;
        }
        at = next;
    }
}

/* --- Walking --------------------------------------------------------------------------------------------------------- */

struct walk walk_start(vm *m, value over)
{
    if (over.kind == V_OBJECT && instance_of(over)->class->iterate)
        return walk_start(m, instance_of(over)->class->iterate(m, over));
    struct walk walk = {.over = over};
    switch (over.kind) {
    case V_LIST:
    case V_TUPLE:
    case V_ITERATOR:
    case V_VIEW:
    case V_RANGE:
    case V_STR:
    case V_NPSTR:
    case V_BYTES:
    case V_DICT:
        break;
    case V_SET:
        require_set_order(m, over.u.set);
        break;
    case V_ARRAY:
        if (over.u.array->n_dims == 0)
            type_error(m, "iteration over a 0-d array");
        break;
    case V_TENSOR:
        if (over.u.tensor->array->n_dims == 0)
            type_error(m, "iteration over a 0-d tensor");
        break;
    default:
        type_error(m, "'%s' object is not iterable", type_name(over));
    }
    return walk;
}

const char *view_type(const struct view *view)
{
    if (view->dict.u.dict->ordered)
        return view->what == VIEW_KEYS ? "odict_keys" : view->what == VIEW_VALUES ? "odict_values" : "odict_items";
    return view->what == VIEW_KEYS ? "dict_keys" : view->what == VIEW_VALUES ? "dict_values" : "dict_items";
}

bool view_item(vm *m, const struct view *view, size_t i, value *item_out)
{
    const struct dict_entry *e = &view->dict.u.dict->entries[i];
    if (!e->used)
        return false;
    *item_out = view->what == VIEW_KEYS ? e->key : e->item;
    if (view->what == VIEW_ITEMS) {
        *item_out = make_sequence(m, V_TUPLE, 2);
        item_out->u.seq->items[0] = e->key;
        item_out->u.seq->items[1] = e->item;
    }
    return true;
}

bool walk_next(vm *m, struct walk *walk, value *item_out)
{
    step(m, 1);
    switch (walk->over.kind) {
    case V_LIST:
    case V_TUPLE:
        if (walk->i >= walk->over.u.seq->n)
            return false;
        *item_out = walk->over.u.seq->items[walk->i++];
        return true;
    case V_ITERATOR:
        return iterator_next(m, walk->over.u.iterator, item_out);
    case V_VIEW:
        while (walk->i < walk->over.u.view->dict.u.dict->n_entries)
            if (view_item(m, walk->over.u.view, walk->i++, item_out))
                return true;
        return false;
    case V_RANGE:
        if (walk->i >= walk->over.u.range->n)
            return false;
        *item_out = INT(range_item(walk->over.u.range, walk->i++));
        return true;
    case V_STR:
    case V_NPSTR:
    case V_BYTES: { /* i counts bytes here */
        const struct text *text = walk->over.u.text;
        if (walk->i >= text->nbytes)
            return false;
        size_t n = 1;
        while (walk->over.kind != V_BYTES && walk->i + n < text->nbytes &&
               ((unsigned char)text->bytes[walk->i + n] & 0xc0) == 0x80)
            n++;
        *item_out = walk->over.kind == V_BYTES ? INT((unsigned char)text->bytes[walk->i])
                                               : make_text(m, V_STR, text->bytes + walk->i, n);
        walk->i += n;
        return true;
    }
    case V_DICT:
        while (walk->i < walk->over.u.dict->n_entries) {
            const struct dict_entry *e = &walk->over.u.dict->entries[walk->i++];
            if (e->used) {
                *item_out = e->key;
                return true;
            }
        }
        return false;
    case V_SET:
        while (walk->i <= walk->over.u.set->mask) {
            const struct set_entry *e = &walk->over.u.set->slots[walk->i++];
            if (e->state == 1) {
                *item_out = e->key;
                return true;
            }
        }
        return false;
    case V_TENSOR:
        if (walk->i >= (uint64_t)walk->over.u.tensor->array->shape[0])
            return false;
        *item_out = tensor_unbound(m, walk->over, 0, (int64_t)walk->i++);
        return true;
    default:
        if (walk->i >= (uint64_t)walk->over.u.array->shape[0])
            return false;
        *item_out = array_get(m, walk->over.u.array, INT((int64_t)walk->i++));
        return true;
    }
}

value to_list(vm *m, value v)
{
    if (v.kind == V_RANGE) { /* its length is known: too much memory is refused at once */
        uint64_t n = v.u.range->n;
        value all = make_sequence(m, V_LIST, n > SIZE_MAX / 64 ? SIZE_MAX / 64 : (size_t)n);
        step(m, n);
        for (uint64_t i = 0; i < n; i++)
            all.u.seq->items[i] = INT(range_item(v.u.range, i));
        return all;
    }
    value list = make_sequence(m, V_LIST, 0);
    struct walk walk = walk_start(m, v);
    for (value item; walk_next(m, &walk, &item);)
        append(m, list, item);
    return list;
}

/* --- Indices --------------------------------------------------------------------------------------------------------- */

static int64_t bound(vm *m, value v, int64_t n, int64_t otherwise, int64_t least, int64_t most)
{
    if (v.kind == V_NONE)
        return otherwise;
    if (v.kind == V_TENSOR || v.kind == V_OBJECT ||
        (v.kind == V_ARRAY && v.u.array->n_dims == 0 && !dtype_is_float(v.u.array->dt)))
        v = INT(to_int64(m, v, "a slice index")); /* by __index__ */
    if (!is_integer(v))
        type_error(m, "slice indices must be integers or None");
    value plain = plain_integer(m, v);
    int64_t i = plain.kind == V_BIG ? (plain.u.big->negative ? INT64_MIN / 2 : INT64_MAX / 2) : plain.u.i;
    if (i < 0)
        i = i < -n - 1 ? -n - 1 : i;
    i = i < 0 ? i + n : i;
    return i < least ? least : i > most ? most : i;
}

void slice_bounds(vm *m, const struct slice *slice, int64_t n, int64_t *start_out, int64_t *step_out,
                  int64_t *count_out)
{
    int64_t by = slice->step.kind == V_NONE ? 1 : to_int64(m, slice->step, "a slice step");
    if (by == 0)
        value_error(m, "slice step cannot be zero");
    by = by < -INT64_MAX ? -INT64_MAX : by;
    bool up = by > 0;
    int64_t least = up ? 0 : -1, most = up ? n : n - 1;
    int64_t start = bound(m, slice->start, n, up ? 0 : n - 1, least, most);
    int64_t stop = bound(m, slice->stop, n, up ? n : -1, least, most);
    int64_t span = up ? stop - start : start - stop;
    *start_out = start;
    *step_out = by;
    *count_out = span <= 0 ? 0 : (int64_t)(((uint64_t)span - 1) / (uint64_t)(up ? by : -by)) + 1;
}

static int64_t position(vm *m, value index, uint64_t n, const char *what)
{
    int64_t i = to_int64(m, index, "an index");
    if (i < 0)
        i += (int64_t)n;
    if (i < 0 || (uint64_t)i >= n)
        fail(m, "IndexError: %s index out of range", what);
    return i;
}

static value slice_of(vm *m, value container, const struct slice *slice)
{
    int64_t start, by, count;
    slice_bounds(m, slice, (int64_t)value_length(m, container), &start, &by, &count);
    if (container.kind == V_RANGE) {
        struct range *r = make_range(m, 0, 0, 1).u.range;
        r->start = range_item(container.u.range, (uint64_t)start);
        r->step = (int64_t)((uint64_t)container.u.range->step * (uint64_t)by);
        r->stop = range_item(container.u.range, (uint64_t)(start + by * count));
        r->n = (uint64_t)count;
        return object_value(V_RANGE, r);
    }
    if (is_sequence(container)) {
        value out = make_sequence(m, container.kind, (size_t)count);
        for (int64_t i = 0; i < count; i++)
            out.u.seq->items[i] = container.u.seq->items[start + i * by];
        if (container.u.seq->type == torch_size_type)
            out.u.seq->type = torch_size_type;
        return out;
    }
    struct writer w = writer_start(m);
    for (int64_t i = 0; i < count; i++) {
        size_t n;
        step(m, 1);
        const char *at = text_at(container.u.text, (size_t)(start + i * by), &n);
        put(&w, at, n);
    }
    return make_text(m, container.kind == V_BYTES ? V_BYTES : V_STR, written(&w), w.n);
}

value get_item(vm *m, value container, value index)
{
    if (container.kind == V_TENSOR)
        return tensor_get(m, container, index);
    if (index.kind == V_TENSOR && container.kind != V_DICT && container.kind != V_ARRAY)
        index = INT(to_int64(m, index, "an index"));
    if (object_array(m, index) && container.kind != V_DICT && container.kind != V_OBJECT)
        index = container.kind == V_ARRAY ? array_value(object_array(m, index)) : INT(to_int64(m, index, "an index"));
    if (container.kind == V_ARRAY)
        return array_get(m, container.u.array, index);
    if (container.kind == V_DICT) {
        value item;
        if (dict_get(m, container.u.dict, index, &item))
            return item;
        struct writer w = writer_start(m);
        put_repr(&w, index);
        fail(m, "KeyError: %.200s", written(&w));
    }
    if (container.kind == V_OBJECT && instance_of(container)->class->item)
        return instance_of(container)->class->item(m, container, index);
    bool text = is_text(container) || container.kind == V_BYTES;
    if (!text && container.kind != V_LIST && container.kind != V_TUPLE && container.kind != V_RANGE)
        type_error(m, "'%s' object is not subscriptable", type_name(container));
    if (index.kind == V_SLICE)
        return slice_of(m, container, index.u.slice);
    if (!is_integer(index))
        type_error(m, "%s indices must be integers or slices, not %s", type_name(container), type_name(index));
    int64_t i = position(m, index, value_length(m, container), type_name(container));
    if (container.kind == V_RANGE)
        return INT(range_item(container.u.range, (uint64_t)i));
    if (!text)
        return container.u.seq->items[i];
    size_t n;
    const char *at = text_at(container.u.text, (size_t)i, &n);
    return container.kind == V_BYTES ? INT((unsigned char)*at) : make_text(m, V_STR, at, n);
}

static void assign_slice(vm *m, struct sequence *list, const struct slice *slice, value item)
{
    int64_t start, by, count;
    slice_bounds(m, slice, (int64_t)list->n, &start, &by, &count);
    value from = to_list(m, item);
    if (by != 1 || (size_t)count == from.u.seq->n) {
        if ((size_t)count != from.u.seq->n)
            value_error(m, "attempt to assign sequence of size %zu to extended slice of size %lld", from.u.seq->n,
                        (long long)count);
        for (int64_t i = 0; i < count; i++)
            list->items[start + i * by] = from.u.seq->items[i];
        return;
    }
    value out = make_sequence(m, V_LIST, 0);
    for (int64_t i = 0; i < start; i++)
        append(m, out, list->items[i]);
    for (size_t i = 0; i < from.u.seq->n; i++)
        append(m, out, from.u.seq->items[i]);
    for (size_t i = (size_t)(start + count); i < list->n; i++)
        append(m, out, list->items[i]);
    struct sequence old = *list;
    list->items = out.u.seq->items;
    list->n = out.u.seq->n;
    list->n_allocated = out.u.seq->n_allocated;
    out.u.seq->items = old.items;
    out.u.seq->n = old.n;
    out.u.seq->n_allocated = old.n_allocated;
}

void set_item(vm *m, value container, value index, value item)
{
    if (container.kind == V_TENSOR) {
        tensor_set(m, container, index, item);
    } else if (container.kind == V_ARRAY) {
        array_set(m, container.u.array, index, item);
    } else if (container.kind == V_DICT) {
        dict_put(m, container.u.dict, index, item);
    } else if (container.kind == V_LIST && index.kind == V_SLICE) {
        assign_slice(m, container.u.seq, index.u.slice, item);
    } else if (container.kind == V_LIST) {
        container.u.seq->items[position(m, index, container.u.seq->n, "list assignment")] = item;
    } else if (container.kind == V_OBJECT && instance_of(container)->class->set_item) {
        instance_of(container)->class->set_item(m, container, index, item);
    } else {
        type_error(m, "'%s' object does not support item assignment", type_name(container));
    }
}

void delete_item(vm *m, value container, value index)
{
    if (container.kind == V_DICT && dict_remove(m, container.u.dict, index))
        return;
    if (container.kind == V_DICT)
        fail(m, "KeyError: there is no such key");
    if (is_jax(container))
        fail(m, "AttributeError: __delitem__");
    if (container.kind != V_LIST || index.kind == V_SLICE)
        type_error(m, "items of '%s' cannot be deleted here", type_name(container));
    struct sequence *list = container.u.seq;
    size_t i = (size_t)position(m, index, list->n, "list assignment");
    memmove(list->items + i, list->items + i + 1, (list->n - i - 1) * sizeof *list->items);
    list->n--;
}

/* --- Sorting: stable, by merging -------------------------------------------------------------------------------------- */

/* Items of `width` values each, by the first of them. */
static void merge_sort(vm *m, value *items, value *room, size_t n, size_t width)
{
    if (n < 2)
        return;
    size_t half = n / 2, i = 0, k = half, out = 0;
    merge_sort(m, items, room, half, width);
    merge_sort(m, items + half * width, room, n - half, width);
    while (i < half && k < n) {
        size_t next = values_compare(m, items[k * width], items[i * width]) == -1 ? k++ : i++;
        memcpy(room + width * out++, items + next * width, width * sizeof *items);
    }
    for (; i < half; i++)
        memcpy(room + width * out++, items + i * width, width * sizeof *items);
    memcpy(items, room, out * width * sizeof *items);
}

static void reverse(value *items, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        value item = items[i];
        items[i] = items[--n];
        items[n] = item;
    }
}

void sort_values(vm *m, value *items, size_t n, value key, bool reversed)
{
    value list = make_sequence(m, V_LIST, 0), room;
    size_t width = is_none(key) ? 1 : 2;
    for (size_t i = 0; i < n; i++) {
        struct arguments one = {.positional = &items[i], .n_positional = 1};
        if (width == 2)
            append(m, list, call(m, key, &one));
        append(m, list, items[i]);
    }
    struct sequence *s = list.u.seq;
    room = make_sequence(m, V_LIST, s->n);
    if (reversed) /* stable in reverse, as Python: reversed, sorted, reversed; a pair turns around twice */
        reverse(s->items, s->n);
    for (size_t i = 0; reversed && width == 2 && i < s->n; i += 2)
        reverse(s->items + i, 2);
    merge_sort(m, s->items, room.u.seq->items, n, width);
    for (size_t i = 0; i < n; i++)
        items[reversed ? n - 1 - i : i] = s->items[i * width + width - 1];
}
