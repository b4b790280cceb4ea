/* sites.c - where a call came from: the user's Python frame, or a place in a module.
 * SPDX-License-Identifier: MIT
 *
 * Asked for every event, in any thread and in signal handlers: the cache is filled once per slot and never changed, and
 * the module is found without the loader's lock where the C library can (glibc 2.35's _dl_find_object). */
#include <dlfcn.h>  /* dladdr1 */
#include <link.h>   /* struct link_map */
#include <stddef.h> /* NULL */
#include <string.h> /* memchr, memcpy, memmem, strlen */
#include <unistd.h> /* readlink */

#include "launch/preload/frame.h"   /* sites_forget */
#include "launch/preload/sources.h" /* caller_kind */
#include "launch/preload/text.h"    /* struct text */

PRELOAD_REAL(dlclose);
PRELOAD_REAL(readlink);

enum { SLOTS = 1024, PROBES = 8, FILLING = 1 };

static struct {
    _Atomic uintptr_t address; /* 0 = free, FILLING = about to be filled */
    uint64_t id;
} cache[SLOTS];

/* glibc's struct dl_find_object, as far as we read it. */
struct found_object {
    unsigned long long flags;
    void *map_start;
    void *map_end;
    struct link_map *map;
    void *rest[16];
};
typedef int find_object_function(void *address, struct found_object *found_out);

static find_object_function *find_object;
static char program_path[PATH_MAX];

static void find_functions(struct preload_thread *self)
{
    (void)self;
    void *symbol = dlsym(RTLD_DEFAULT, "_dl_find_object");
    memcpy(&find_object, &symbol, sizeof find_object); /* ISO C has no cast from an object to a function pointer */
    ssize_t n = REAL(readlink)("/proc/self/exe", program_path, sizeof program_path - 1);
    program_path[n > 0 ? n : 0] = 0;
}
PRELOAD_AT(PRELOAD_INIT, find_functions);

static uint64_t intern_address(uintptr_t address)
{
    struct link_map *map = NULL;
    struct found_object found;
    if (find_object) {
        if (!find_object((void *)address, &found))
            map = found.map;
    } else {
        Dl_info info;
        void *extra = NULL;
        if (dladdr1((void *)address, &info, &extra, RTLD_DL_LINKMAP))
            map = extra;
    }
    if (!map)
        return 0;            /* made at run time: nothing that would be equal in another run */
    enum { PATH_END = 900 }; /* of a longer path the end: a handler of a fault has a stack of a few KiB */
    char bytes[PATH_END + 32];
    struct text text = text_in(bytes, sizeof bytes);
    const char *path = map->l_name && map->l_name[0] ? map->l_name : program_path;
    size_t length = strlen(path);
    text_add(&text, length > PATH_END ? path + length - PATH_END : path);
    text_add(&text, "+0x");
    text_add_number(&text, address - map->l_addr, 16, 1);
    return preload_intern(bytes, text.length);
}

uint64_t preload_site(void *return_address)
{
    if (!preload_process.recording)
        return 0;
    oneseed_site_source *source = atomic_load_explicit(&preload_process.site_source, memory_order_acquire);
    if (source && caller_may_be_asked(return_address)) {
        uint64_t site = source();
        if (site)
            return site;
    }
    if (python_present() && caller_kind(return_address) != CALLER_PROGRAM)
        return 0;
    return preload_code_site(return_address);
}

uint64_t preload_code_site(void *return_address)
{
    if (!preload_process.recording)
        return 0;
    uintptr_t address = (uintptr_t)return_address - 1; /* within the call, not behind it */
    size_t hash = (size_t)((address * UINT64_C(0x9e3779b97f4a7c15)) >> 32);
    for (size_t i = 0; i < PROBES; i++) {
        size_t slot = (hash + i) % SLOTS;
        uintptr_t there = atomic_load_explicit(&cache[slot].address, memory_order_acquire);
        if (there == address)
            return cache[slot].id;
        if (there)
            continue;
        uint64_t id = intern_address(address);
        uintptr_t expected = 0;
        if (atomic_compare_exchange_strong(&cache[slot].address, &expected, FILLING)) {
            cache[slot].id = id;
            atomic_store_explicit(&cache[slot].address, address, memory_order_release);
        }
        return id;
    }
    return intern_address(address);
}

/* Sites with traits. Never taken out; a full table forgets new ones. */
enum { N_LEARNT = 4096 };
static struct {
    _Atomic uint64_t site; /* 0 = free */
    _Atomic unsigned traits;
} learnt[N_LEARNT];

/* A site is `user frame|library frame`, either may be missing. */
static unsigned traits_of(const char *text, size_t text_nbytes)
{
    const char *bar = memchr(text, '|', text_nbytes);
    if (!bar)
        return 0;
    size_t n = text_nbytes - (size_t)(bar - text);
    static const char import[] = "|<frozen importlib._bootstrap";
    static const char installed[] = "-packages/"; /* site-, dist- */
    return (bar == text ? SITE_WITHOUT_USER : 0u) | (memmem(bar, n, import, sizeof import - 1) ? SITE_OF_IMPORT : 0u) |
           (memmem(bar, n, installed, sizeof installed - 1) ? SITE_OF_PACKAGE : 0u);
}

void sites_learn(uint64_t site, const char *text, size_t text_nbytes)
{
    unsigned traits = traits_of(text, text_nbytes);
    for (size_t i = 0; traits && i < PROBES; i++) {
        uint64_t there = 0;
        size_t slot = (site + i) % N_LEARNT;
        if (atomic_compare_exchange_strong(&learnt[slot].site, &there, site) || there == site) {
            atomic_store(&learnt[slot].traits, traits);
            return;
        }
    }
}

unsigned site_traits(uint64_t site)
{
    for (size_t i = 0; site && i < PROBES; i++) {
        size_t slot = (site + i) % N_LEARNT;
        uint64_t there = atomic_load_explicit(&learnt[slot].site, memory_order_acquire);
        if (there == site)
            return atomic_load(&learnt[slot].traits);
        if (!there)
            break;
    }
    return 0;
}

void sites_forget(void)
{
    for (size_t slot = 0; slot < SLOTS; slot++)
        atomic_store(&cache[slot].address, 0);
}

/* Another library may come to lie at the same addresses. */
PRELOAD_EXPORT int dlclose(void *handle)
{
    int result = REAL(dlclose)(handle);
    if (preload_process.recording)
        sites_forget();
    return result;
}
