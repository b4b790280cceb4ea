/* arguments.c - sorts the arguments of a call under the names of a function.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strchr, strlen */

#include "draw/vm.h"

struct parameter {
    const char *name;
    size_t nbytes;
    bool optional, keyword_only;
};

enum { MAX_PARAMETERS = 16 };

static size_t split(const char *names, struct parameter *out, size_t *n_positional)
{
    size_t n = 0;
    bool keyword_only = false;
    *n_positional = 0;
    for (const char *at = names; *at != '\0' && n < MAX_PARAMETERS;) {
        size_t nbytes = strcspn(at, " ");
        if (nbytes == 1 && *at == '*') {
            keyword_only = true;
        } else {
            bool optional = at[nbytes - 1] == '=';
            out[n++] = (struct parameter){at, nbytes - optional, optional, keyword_only};
            *n_positional += !keyword_only;
        }
        at += nbytes;
        at += *at == ' ';
    }
    return n;
}

void take_arguments(vm *m, const char *function, const char *names, const struct arguments *arguments, value *out)
{
    struct parameter parameters[MAX_PARAMETERS];
    size_t n_positional, n = split(names, parameters, &n_positional);
    if (arguments->n_positional > n_positional)
        type_error(m, "%s() takes at most %zu positional arguments (%zu given)%s%s", function, n_positional,
                   arguments->n_positional, n > 0 ? "; its arguments are: " : "", names);
    for (size_t i = 0; i < n; i++)
        out[i] = i < arguments->n_positional ? arguments->positional[i] : NOTHING;
    for (size_t k = 0; k < arguments->n_named; k++) {
        const char *name = arguments->names[k];
        size_t i = 0;
        while (i < n &&
               !(strlen(name) == parameters[i].nbytes && memcmp(name, parameters[i].name, parameters[i].nbytes) == 0))
            i++;
        if (i == n)
            type_error(m, "%s() got an unexpected keyword argument '%s' (supported: %s)", function, name, names);
        if (out[i].kind != V_NOTHING)
            type_error(m, "%s() got multiple values for argument '%s'", function, name);
        out[i] = arguments->named[k];
    }
    for (size_t i = 0; i < n; i++)
        if (out[i].kind == V_NOTHING && !parameters[i].optional)
            type_error(m, "%s() missing required argument: '%.*s'", function, (int)parameters[i].nbytes,
                       parameters[i].name);
}

void take_none(vm *m, const char *function, const struct arguments *arguments)
{
    if (arguments->n_positional + arguments->n_named > 0)
        type_error(m, "%s() takes no arguments (%zu given)", function, arguments->n_positional + arguments->n_named);
}

const struct native *find_native(const struct native *table, const char *name)
{
    for (const struct native *native = table; native && native->name; native++)
        if (strcmp(native->name, name) == 0)
            return native;
    return NULL;
}

void list_names(const struct native *table, char *out, size_t out_size)
{
    size_t n = 0;
    out[0] = '\0';
    for (const struct native *native = table; native && native->name; native++) {
        size_t n_name = strlen(native->name);
        if (n + n_name + 3 > out_size)
            return;
        memcpy(out + n, n > 0 ? ", " : "", n > 0 ? 2 : 0);
        n += n > 0 ? 2 : 0;
        memcpy(out + n, native->name, n_name + 1);
        n += n_name;
    }
}

/* Letters to change, add, leave out or exchange with their neighbour to make one name of the other; 3: more than 2. */
static int difference(const char *a, const char *b)
{
    enum { MOST = 24 };
    size_t n = strlen(a), k = strlen(b);
    int rows[3][MOST + 1];
    if (n > MOST || k > MOST || n > k + 2 || k > n + 2)
        return 3;
    for (size_t i = 0; i <= n; i++) {
        int *row = rows[i % 3];
        const int *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        for (size_t j = 0; j <= k; j++) {
            row[j] = i == 0 ? (int)j : last[j] + 1;
            if (j > 0 && i > 0) {
                int changed = last[j - 1] + (a[i - 1] != b[j - 1]);
                row[j] = row[j] < row[j - 1] + 1 ? row[j] : row[j - 1] + 1;
                row[j] = row[j] < changed ? row[j] : changed;
            }
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
        }
    }
    return rows[n % 3][k] > 2 ? 3 : rows[n % 3][k];
}

const char *near_name(const struct native *const *tables, size_t n_tables, const char *name)
{
    const char *best = NULL;
    int least = strlen(name) < 4 ? 2 : 3; /* short names are near to too many */
    for (size_t t = 0; t < n_tables; t++)
        for (const struct native *native = tables[t]; native && native->name; native++) {
            int d = difference(name, native->name);
            if (d < least) {
                least = d;
                best = native->name;
            }
        }
    return best;
}
