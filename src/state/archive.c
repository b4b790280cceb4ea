/* archive.c - zip archives without compression, as torch.save and numpy.savez write them, and .npy files.
 * SPDX-License-Identifier: MIT
 *
 * Zip: PKWARE's APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3; no encryption, no parts. Content is looked at when it is
 * asked for: a checkpoint may have gigabytes of weights beside its states. .npy: NumPy's format description, numpy/lib/format.py,
 * versions 1 to 3. */
#include <string.h> /* memcmp */

#include "common/bits.h"   /* load32_le */
#include "state/archive.h" /* archive_read_zip */
#include "state/literal.h" /* literal_read */
#include "state/pickle.h"  /* pickle_read */

enum { END_NBYTES = 22, ENTRY_NBYTES = 46, LOCAL_NBYTES = 30, MAX_COMMENT = 65535, MAX_ENTRIES = 1 << 20 };

static const uint8_t end_mark[4] = {'P', 'K', 5, 6}, entry_mark[4] = {'P', 'K', 1, 2}, local_mark[4] = {'P', 'K', 3, 4};
static const uint8_t npy_mark[6] = {0x93, 'N', 'U', 'M', 'P', 'Y'};

struct entry {
    const uint8_t *name, *content;
    size_t n_name, n_content;
    uint32_t crc;
};

struct zip {
    struct values *values;
    struct entry *entries;
    size_t n_entries;
    const uint8_t *prefix; /* the folder that all entries of torch's are in, with its '/' */
    size_t n_prefix;
};

bool archive_is_zip(const uint8_t *bytes, size_t n)
{
    return n >= END_NBYTES && memcmp(bytes, local_mark, sizeof local_mark) == 0;
}

bool archive_is_npy(const uint8_t *bytes, size_t n)
{
    return n >= 10 && memcmp(bytes, npy_mark, sizeof npy_mark) == 0;
}

/* CRC-32 of ITU-T V.42, bit by bit: entries are small. */
static uint32_t crc32_of(const uint8_t *bytes, size_t n)
{
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < n; i++) {
        crc ^= bytes[i];
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1)));
    }
    return ~crc;
}

/* A number of 32 bits, or, where all of them are set, the next one of the entry's extra field for large files. */
static uint64_t wide(const uint8_t *at, const uint8_t **extra, const uint8_t *extra_end)
{
    uint64_t number = load32_le(at);
    if (number != UINT32_MAX || extra_end - *extra < 8)
        return number;
    number = load64_le(*extra);
    *extra += 8;
    return number;
}

/* The extra field with the number 1; empty when there is none. */
static void find_wide(const uint8_t *at, const uint8_t *end, const uint8_t **from, const uint8_t **to)
{
    *from = *to = end;
    while (end - at >= 4 && end - at - 4 >= load16_le(at + 2)) {
        const uint8_t *content = at + 4, *next = content + load16_le(at + 2);
        if (load16_le(at) == 1) {
            *from = content;
            *to = next;
            return;
        }
        at = next;
    }
}

static bool read_entry(struct values *values, const uint8_t *bytes, size_t n, const uint8_t *at, struct entry *entry)
{
    char printable[64];
    const uint8_t *extra, *extra_end, *names_end = at + ENTRY_NBYTES + load16_le(at + 28);
    find_wide(names_end, names_end + load16_le(at + 30), &extra, &extra_end);
    uint64_t n_content = wide(at + 24, &extra, extra_end), n_packed = wide(at + 20, &extra, extra_end);
    uint64_t local = wide(at + 42, &extra, extra_end);
    entry->crc = load32_le(at + 16);
    entry->name = at + ENTRY_NBYTES;
    entry->n_name = load16_le(at + 28);
    value_printable(printable, entry->name, entry->n_name);
    if (load16_le(at + 10) != 0 || (load16_le(at + 8) & 1) != 0) {
        values_fail(values,
                    "%s in the archive is compressed or encrypted: write it with numpy.savez, not savez_compressed",
                    printable);
        return false;
    }
    if (local > n || n - local < LOCAL_NBYTES || memcmp(bytes + local, local_mark, sizeof local_mark) != 0) {
        values_fail(values, "%s in the archive is not where the directory says", printable);
        return false;
    }
    size_t content = (size_t)local + LOCAL_NBYTES + load16_le(bytes + local + 26) + load16_le(bytes + local + 28);
    if (content > n || n - content < n_content || n_packed != n_content) {
        values_fail(values, "%s in the archive ends in the middle", printable);
        return false;
    }
    entry->content = bytes + content;
    entry->n_content = (size_t)n_content;
    return true;
}

/* Before its content is looked at. */
static bool check_entry(struct values *values, const struct entry *entry)
{
    char printable[64];
    if (!values_alloc(values, entry->n_content)) /* entries may lie on each other: what is read counts */
        return false;
    if (crc32_of(entry->content, entry->n_content) != entry->crc) {
        values_fail(values, "%s in the archive is damaged: its checksum does not fit",
                    value_printable(printable, entry->name, entry->n_name));
        return false;
    }
    return true;
}

/* The directory of large archives, which stands before the other one: how many entries, and where they begin. */
static void read_wide_end(const uint8_t *bytes, size_t end, size_t *n_entries, uint64_t *at)
{
    static const uint8_t locator_mark[4] = {'P', 'K', 6, 7}, wide_mark[4] = {'P', 'K', 6, 6};
    if (end < 20 || memcmp(bytes + end - 20, locator_mark, sizeof locator_mark) != 0)
        return;
    uint64_t wide_end = load64_le(bytes + end - 12);
    if (wide_end > end || end - wide_end < 56 || memcmp(bytes + wide_end, wide_mark, sizeof wide_mark) != 0)
        return;
    *n_entries = (size_t)load64_le(bytes + wide_end + 32);
    *at = load64_le(bytes + wide_end + 48);
}

static bool read_directory(struct values *values, const uint8_t *bytes, size_t n, struct zip *zip)
{
    size_t end = n - END_NBYTES, last = n > END_NBYTES + MAX_COMMENT ? n - END_NBYTES - MAX_COMMENT : 0;
    while (end > last && memcmp(bytes + end, end_mark, sizeof end_mark) != 0)
        end--;
    if (memcmp(bytes + end, end_mark, sizeof end_mark) != 0) {
        values_fail(values, "the archive has no directory: it ends in the middle");
        return false;
    }
    size_t n_entries = load16_le(bytes + end + 10);
    uint64_t at = load32_le(bytes + end + 16);
    read_wide_end(bytes, end, &n_entries, &at);
    if (n_entries > MAX_ENTRIES) {
        values_fail(values, "an archive of %zu files is no state", n_entries);
        return false;
    }
    zip->entries = values_alloc(values, (n_entries + 1) * sizeof *zip->entries);
    for (; zip->entries && zip->n_entries < n_entries; zip->n_entries++) {
        if (at > end || end - at < ENTRY_NBYTES || memcmp(bytes + at, entry_mark, sizeof entry_mark) != 0 ||
            end - at - ENTRY_NBYTES < (size_t)load16_le(bytes + at + 28) + load16_le(bytes + at + 30)) {
            values_fail(values, "the directory of the archive is broken");
            return false;
        }
        if (!read_entry(values, bytes, n, bytes + at, &zip->entries[zip->n_entries]))
            return false;
        at +=
            ENTRY_NBYTES + (size_t)load16_le(bytes + at + 28) + load16_le(bytes + at + 30) + load16_le(bytes + at + 32);
    }
    return zip->entries != NULL;
}

static bool ends_with(const struct entry *entry, const char *end)
{
    size_t n = strlen(end);
    return entry->n_name >= n && memcmp(entry->name + entry->n_name - n, end, n) == 0;
}

/* <folder>/data/<key> */
static bool find_storage(const void *context, const uint8_t *key, size_t n_key, const uint8_t **bytes_out,
                         size_t *n_out)
{
    const struct zip *zip = context;
    for (size_t i = 0; i < zip->n_entries; i++) {
        const struct entry *entry = &zip->entries[i];
        size_t at = zip->n_prefix + 5;
        if (entry->n_name == at + n_key && memcmp(entry->name, zip->prefix, zip->n_prefix) == 0 &&
            memcmp(entry->name + zip->n_prefix, "data/", 5) == 0 && memcmp(entry->name + at, key, n_key) == 0) {
            *bytes_out = entry->content;
            *n_out = entry->n_content;
            return check_entry(zip->values, entry);
        }
    }
    return false;
}

/* A dict of the arrays, by their names without .npy. */
static const struct value *read_npz(struct values *values, const struct zip *zip)
{
    struct value *dict = value_new(values, VALUE_DICT);
    for (size_t i = 0; dict && i < zip->n_entries; i++) {
        const struct entry *entry = &zip->entries[i];
        if (!ends_with(entry, ".npy"))
            return values_fail(values, "an archive that neither torch.save nor numpy.savez wrote");
        if (!check_entry(values, entry))
            return NULL;
        struct value *name = value_bytes(values, VALUE_TEXT, entry->name, entry->n_name - 4);
        const struct value *array = name ? archive_read_npy(values, entry->content, entry->n_content) : NULL;
        struct value *copy = array ? value_new(values, array->type) : NULL;
        if (!copy)
            return NULL;
        *copy = *array;
        if (!value_append(values, dict, name) || !value_append(values, dict, copy))
            return NULL;
    }
    return dict;
}

const struct value *archive_read_zip(struct values *values, const uint8_t *bytes, size_t n)
{
    struct zip zip = {.values = values};
    if (!read_directory(values, bytes, n, &zip))
        return NULL;
    for (size_t i = 0; i < zip.n_entries; i++) {
        const struct entry *entry = &zip.entries[i];
        if (!ends_with(entry, "/data.pkl"))
            continue;
        if (!check_entry(values, entry))
            return NULL;
        zip.prefix = entry->name;
        zip.n_prefix = entry->n_name - strlen("data.pkl");
        struct pickle_storages storages = {.context = &zip, .find = find_storage};
        return pickle_read(values, entry->content, entry->n_content, &storages, 0, NULL);
    }
    return read_npz(values, &zip);
}

/* --- .npy --------------------------------------------------------------------------------------------------------- */

/* '<u4' into the array's members. */
static bool set_type(struct value *array, const struct value *text)
{
    if (!text || text->type != VALUE_TEXT || text->as.text.n < 3 || text->as.text.n > 8)
        return false;
    const uint8_t *c = text->as.text.bytes;
    uint32_t number = 0;
    for (size_t i = 2; i < text->as.text.n; i++) {
        if (c[i] < '0' || c[i] > '9')
            return false;
        number = number * 10 + (uint32_t)(c[i] - '0');
    }
    if (!memchr("<>|=", c[0], 4) || !memchr("uifbUS", c[1], 6) || number == 0)
        return false;
    array->as.array.kind = (char)c[1];
    array->as.array.big_endian = c[0] == '>';
    array->as.array.item_nbytes = c[1] == 'U' ? 4 * number : number;
    return true;
}

/* A text of an array of one: 'U' as NumPy stores it, 4 bytes of each character. */
static const struct value *text_of(struct values *values, const struct value *array)
{
    size_t step = array->as.array.kind == 'U' ? 4 : 1, n = 0;
    size_t first = array->as.array.big_endian ? step - 1 : 0;
    uint8_t *text = values_alloc(values, array->as.array.item_nbytes);
    for (size_t i = 0; text && i < array->as.array.item_nbytes; i += step) {
        uint8_t c = array->as.array.bytes[i + first];
        if (c == 0)
            break;
        text[n++] = c < 0x80 ? c : '?';
    }
    return text ? value_bytes(values, VALUE_TEXT, text, n) : NULL;
}

const struct value *archive_read_npy(struct values *values, const uint8_t *bytes, size_t n)
{
    bool is_long = n >= 12 && bytes[6] >= 2;
    size_t begin = is_long ? 12 : 10;
    if (!archive_is_npy(bytes, n) || bytes[6] < 1 || bytes[6] > 3 || n < begin)
        return values_fail(values, "not an .npy file of versions 1 to 3");
    size_t n_header = is_long ? load32_le(bytes + 8) : load16_le(bytes + 8);
    if (n - begin < n_header)
        return values_fail(values, "the .npy file ends in the middle of its header");
    const struct value *header = literal_read(values, bytes + begin, n_header), *shape = value_member(header, "shape");
    const struct value *type = value_member(header, "descr");
    if (!header)
        return NULL;
    const uint8_t *content = bytes + begin + n_header;
    size_t n_content = n - begin - n_header;
    if (value_is_text(type, "|O")) {
        if (!values_alloc(values, n_content))
            return NULL;
        return pickle_read(values, content, n_content, NULL, 1, NULL);
    }
    struct value *array = value_new(values, VALUE_ARRAY);
    uint64_t n_items = 1, length;
    if (!array || !set_type(array, type) || !shape || shape->type != VALUE_LIST)
        return values_fail(values, "an .npy file of a dtype that no state has");
    for (size_t i = 0; i < value_n_items(shape); i++) {
        if (!value_to_u64(shape->as.list.items[i], UINT32_MAX, &length) ||
            (length != 0 && n_items > UINT32_MAX / length))
            return values_fail(values, "an .npy file with a broken shape");
        n_items *= length;
    }
    if (n_items * array->as.array.item_nbytes != n_content)
        return values_fail(values, "the content of the .npy file does not fit its shape");
    array->as.array.bytes = content;
    array->as.array.n_items = (size_t)n_items;
    array->as.array.scalar = value_n_items(shape) == 0;
    if (n_items == 1 && (array->as.array.kind == 'U' || array->as.array.kind == 'S'))
        return text_of(values, array);
    return array;
}
