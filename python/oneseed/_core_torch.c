/* _core_torch.c - the layout of TensorImpl, learned from samples, and digests of tensors.
 * SPDX-License-Identifier: MIT */
#include "_core_torch.h"

#include <string.h> /* memcpy */

#include "_core_hooks.h"   /* core_read_safely */
#include "common/digest.h" /* digest_start */

static struct {
    bool known;
    size_t storage, storage_data; /* TensorImpl.storage_, then the data pointer in the StorageImpl */
    size_t sizes;                 /* number of dimensions; then sizes and strides inline, or a pointer to them */
    size_t offset, numel, dtype, keys;
} layout;

enum { IMPL_WORDS = 32, STORAGE_WORDS = 16, INLINE_DIMS = 5, MAX_KEYS = 4 };

static uint64_t accepted_keys[MAX_KEYS];
static unsigned n_accepted_keys;

typedef uint64_t image[IMPL_WORDS];

/* The first word that holds a in one image and b in the other; IMPL_WORDS when there is none. */
static size_t find_word(image *images, uint64_t a, uint64_t b)
{
    size_t k = 0;
    while (k < IMPL_WORDS && (images[0][k] != a || images[1][k] != b))
        k++;
    return k;
}

static bool find_sizes(image *images, const struct core_torch_sample *samples)
{
    for (size_t k = 0; k + 2 * INLINE_DIMS < IMPL_WORDS; k++) {
        bool fits = true;
        for (int i = 0; i < 2 && fits; i++)
            fits = images[i][k] == 2 && images[i][k + 1] == (uint64_t)samples[i].sizes[0] &&
                   images[i][k + 2] == (uint64_t)samples[i].sizes[1] &&
                   images[i][k + 1 + INLINE_DIMS] == (uint64_t)samples[i].strides[0] &&
                   images[i][k + 2 + INLINE_DIMS] == (uint64_t)samples[i].strides[1];
        if (fits) {
            layout.sizes = 8 * k;
            return true;
        }
    }
    return false;
}

static bool find_storage(image *images, const struct core_torch_sample *samples)
{
    for (size_t k = 1; k < IMPL_WORDS; k++) {
        uint64_t storage[2][STORAGE_WORDS];
        if (!core_read_safely((void *)images[0][k], storage[0], sizeof storage[0]) ||
            !core_read_safely((void *)images[1][k], storage[1], sizeof storage[1]))
            continue;
        for (size_t j = 1; j < STORAGE_WORDS; j++)
            if (storage[0][j] == (uint64_t)samples[0].data && storage[1][j] == (uint64_t)samples[1].data) {
                layout.storage = 8 * k;
                layout.storage_data = 8 * j;
                return true;
            }
    }
    return false;
}

static bool find_dtype(image *images, const struct core_torch_sample *samples)
{
    const char *a = (const char *)images[0], *b = (const char *)images[1];
    /* Behind the shape: small numbers occur before it too. */
    for (size_t k = layout.sizes + 8 * (1 + 2 * INLINE_DIMS); k + 2 <= sizeof(image); k += 2) {
        uint16_t x, y;
        memcpy(&x, a + k, sizeof x);
        memcpy(&y, b + k, sizeof y);
        if (x == samples[0].dtype && y == samples[1].dtype) {
            layout.dtype = k;
            return true;
        }
    }
    return false;
}

bool core_torch_learn(const struct core_torch_sample samples[2])
{
    image images[2];
    layout.known = false;
    for (int i = 0; i < 2; i++)
        if (!core_read_safely(samples[i].impl, images[i], sizeof images[i]))
            return false;
    size_t offset = find_word(images, (uint64_t)samples[0].offset, (uint64_t)samples[1].offset);
    size_t numel = find_word(images, (uint64_t)samples[0].numel, (uint64_t)samples[1].numel);
    size_t keys = find_word(images, samples[0].keys, samples[1].keys);
    if (offset == IMPL_WORDS || numel == IMPL_WORDS || keys == IMPL_WORDS || !find_sizes(images, samples) ||
        !find_storage(images, samples) || !find_dtype(images, samples))
        return false;
    layout.offset = 8 * offset;
    layout.numel = 8 * numel;
    layout.keys = 8 * keys;
    layout.known = true;
    return true;
}

void core_torch_accept_keys(uint64_t keys)
{
    if (n_accepted_keys < MAX_KEYS)
        accepted_keys[n_accepted_keys++] = keys;
}

static uint64_t word(const void *base, size_t offset)
{
    uint64_t value;
    memcpy(&value, (const char *)base + offset, sizeof value);
    return value;
}

/* Bytes per element by index of the scalar type; 0 = not known to us. Pinned by torch's serialisation. */
static uint32_t item_nbytes_of(uint16_t dtype)
{
    static const uint8_t nbytes[] = {1, 1, 2, 4, 8, 2, 4, 8, 4, 8, 16, 1, 0, 0, 0, 2};
    return dtype < sizeof nbytes ? nbytes[dtype] : 0;
}

#define BACKENDS 0x3fffu /* bits of c10::DispatchKeySet that name a backend */

void core_torch_tensor(const void *impl, struct core_tensor *out)
{
    *out = (struct core_tensor){.data = NULL};
    if (!layout.known || !impl)
        return;
    uint64_t keys = word(impl, layout.keys);
    if ((keys & BACKENDS) == 0) { /* torch's "no tensor" */
        out->data = (const char *)impl;
        out->item_nbytes = 1;
        return;
    }
    bool plain = false;
    for (unsigned k = 0; k < n_accepted_keys; k++)
        plain = plain || keys == accepted_keys[k];
    if (!plain)
        return;
    memcpy(&out->dtype, (const char *)impl + layout.dtype, sizeof out->dtype);
    out->item_nbytes = item_nbytes_of(out->dtype);
    out->numel = word(impl, layout.numel);
    out->n_dims = (unsigned)word(impl, layout.sizes);
    const char *shape = (const char *)impl + layout.sizes + 8;
    if (out->n_dims <= INLINE_DIMS) {
        out->sizes = (const int64_t *)(const void *)shape;
        out->strides = out->sizes + INLINE_DIMS;
    } else {
        out->sizes = (const int64_t *)(uintptr_t)word(shape, 0);
        out->strides = out->sizes + out->n_dims;
    }
    const char *storage = (const char *)(uintptr_t)word(impl, layout.storage);
    const char *data = storage ? (const char *)(uintptr_t)word(storage, layout.storage_data) : NULL;
    if (out->item_nbytes && (data || out->numel == 0))
        out->data = data ? data + word(impl, layout.offset) * out->item_nbytes : (const char *)impl;
}

/* The next place of the outer dimensions, the last one fastest. False at the end. */
static bool advance(const struct core_tensor *t, unsigned n_outer, int64_t *index, const char **at)
{
    for (unsigned d = n_outer; d-- > 0;) {
        *at += t->strides[d] * (int64_t)t->item_nbytes;
        if (++index[d] < t->sizes[d])
            return true;
        *at -= t->sizes[d] * t->strides[d] * (int64_t)t->item_nbytes;
        index[d] = 0;
    }
    return false;
}

/* Adds the elements in logical order: whole runs at once where the inner dimensions are dense. */
static void add_elements(struct digest_state *state, const struct core_tensor *t)
{
    enum { MAX_DIMS = 64, GATHERED = 1024 };
    unsigned n_outer = t->n_dims;
    uint64_t run = 1; /* elements of the dense inner part */
    if (t->numel == 0 || t->n_dims > MAX_DIMS)
        return;
    while (n_outer > 0 && (t->sizes[n_outer - 1] == 1 || t->strides[n_outer - 1] == (int64_t)run))
        run *= (uint64_t)t->sizes[--n_outer];
    int64_t index[MAX_DIMS] = {0};
    unsigned char gathered[GATHERED];
    size_t n_gathered = 0, run_nbytes = (size_t)run * t->item_nbytes;
    const char *at = t->data;
    do {
        if (run_nbytes > GATHERED) {
            digest_add(state, at, run_nbytes);
            continue;
        }
        if (n_gathered + run_nbytes > GATHERED) {
            digest_add(state, gathered, n_gathered);
            n_gathered = 0;
        }
        memcpy(gathered + n_gathered, at, run_nbytes);
        n_gathered += run_nbytes;
    } while (advance(t, n_outer, index, &at));
    digest_add(state, gathered, n_gathered);
}

static bool is_dense(const struct core_tensor *t)
{
    uint64_t run = 1;
    for (unsigned d = t->n_dims; d > 0; d--) {
        if (t->sizes[d - 1] != 1 && t->strides[d - 1] != (int64_t)run)
            return false;
        run *= (uint64_t)t->sizes[d - 1];
    }
    return true;
}

void core_torch_digest(const struct core_tensor *t, uint64_t digest[2])
{
    uint64_t head[2 + 8] = {t->dtype, t->n_dims};
    unsigned n = 2;
    for (unsigned d = 0; d < t->n_dims && n < 10; d++)
        head[n++] = (uint64_t)t->sizes[d];
    uint64_t parts[4];
    digest128(head, n * sizeof *head, parts);
    if (is_dense(t)) {
        digest128(t->data, (size_t)t->numel * t->item_nbytes, parts + 2);
    } else {
        struct digest_state state;
        digest_start(&state);
        add_elements(&state, t);
        digest128_end(&state, parts + 2);
    }
    digest128(parts, sizeof parts, digest);
}
