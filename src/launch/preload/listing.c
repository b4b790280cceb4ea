/* listing.c - directory listings: recorded, and given in a fixed order under the control `file-order`.
 * SPDX-License-Identifier: MIT
 *
 * Every entry passes through readdir(). Under the control the first readdir() after opendir() or rewinddir() reads the
 * folder to its end; what is given out are copies in bytewise order, `.` and `..` first. A position is then the number of
 * entries given, and d_off says the same. */
#undef _FORTIFY_SOURCE /* its inline definitions would stand in the way of ours */

#include "launch/preload/sources.h" /* path_absolute */

#include <dirent.h>   /* DIR, struct dirent */
#include <fcntl.h>    /* AT_FDCWD */
#include <glob.h>     /* glob */
#include <pthread.h>  /* pthread_mutex_t */
#include <stdlib.h>   /* malloc, qsort */
#include <string.h>   /* strcmp, memcpy */
#include <sys/stat.h> /* stat, for glob */

#include "common/digest.h" /* digest64_seeded */

/* One hook serves both pairs. True on every 64-bit Linux. */
_Static_assert(sizeof(struct dirent) == sizeof(struct dirent64), "dirent and dirent64 are the same");
_Static_assert(offsetof(struct dirent, d_name) == offsetof(struct dirent64, d_name),
               "dirent and dirent64 are the same");

#pragma GCC diagnostic ignored "-Wdeprecated-declarations" /* readdir_r: old programs call it */

PRELOAD_REAL(opendir);
PRELOAD_REAL(fdopendir);
PRELOAD_REAL(readdir);
PRELOAD_REAL(readdir_r);
PRELOAD_REAL(closedir);
PRELOAD_REAL(rewinddir);
PRELOAD_REAL(seekdir);
PRELOAD_REAL(telldir);
PRELOAD_REAL(scandir);
PRELOAD_REAL(scandirat);
PRELOAD_REAL(glob);

enum order { ORDER_OF_SYSTEM, ORDER_SORTED, ORDER_REVERSE, ORDER_SHUFFLED };

static enum order wanted_order;

/* A folder that is open. */
struct listing {
    struct listing *next;
    DIR *folder;
    uint64_t site, name; /* name 0 = not recorded */
    bool ended;          /* the event is out */
    uint64_t n_entries;  /* without . and .. */
    uint64_t order[2], set[2];
    bool loaded;             /* the copies below are there */
    int error;               /* that ended the reading */
    struct dirent **entries; /* into `arena` */
    char *arena;
    size_t n_loaded, position;
};

enum { N_BUCKETS = 256 };
static struct listing *buckets[N_BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void take_lock(void)
{
    pthread_mutex_lock(&lock);
}

static void give_lock(void)
{
    pthread_mutex_unlock(&lock);
}

static void look_up_order(struct preload_thread *self)
{
    char variant[16] = "";

    (void)self;
    if (preload_control("file-order"))
        wanted_order = ORDER_SORTED;
    if (preload_variant("vary", "file-order", variant, sizeof variant)) {
        if (strcmp(variant, "reverse") == 0)
            wanted_order = ORDER_REVERSE;
        else if (strcmp(variant, "shuffle") == 0)
            wanted_order = ORDER_SHUFFLED;
    }
    pthread_atfork(take_lock, give_lock, give_lock);
}
PRELOAD_AT(PRELOAD_INIT, look_up_order);

/* --- Open folders ------------------------------------------------------------------------------------------------- */

static struct listing **bucket_of(DIR *folder)
{
    return &buckets[((uintptr_t)folder * UINT64_C(0x9e3779b97f4a7c15)) >> 56];
}

static struct listing *find(DIR *folder)
{
    struct listing *listing;

    pthread_mutex_lock(&lock);
    for (listing = *bucket_of(folder); listing && listing->folder != folder; listing = listing->next) {
    }
    pthread_mutex_unlock(&lock);
    return listing;
}

static struct listing *take_out(DIR *folder)
{
    pthread_mutex_lock(&lock);
    struct listing **place = bucket_of(folder);
    while (*place && (*place)->folder != folder)
        place = &(*place)->next;
    struct listing *listing = *place;
    if (listing)
        *place = listing->next;
    pthread_mutex_unlock(&lock);
    return listing;
}

static void unload(struct listing *listing)
{
    free(listing->entries);
    free(listing->arena);
    listing->entries = NULL;
    listing->arena = NULL;
    listing->loaded = false;
    listing->n_loaded = listing->position = 0;
    listing->error = 0;
}

/* A folder without a listing is passed through: nothing to record, nothing to order, or no memory. */
static void opened(DIR *folder, const char *path, void *return_address)
{
    char absolute[PATH_NBYTES];
    int saved_errno = errno;
    struct listing *listing;
    bool record = preload_recording() &&
                  (path ? path_absolute(AT_FDCWD, path, absolute) : path_of_descriptor(dirfd(folder), absolute)) &&
                  !path_is_library(absolute);

    if ((record || wanted_order != ORDER_OF_SYSTEM) && (listing = calloc(1, sizeof *listing))) {
        listing->folder = folder;
        if (record) {
            listing->site = preload_site(return_address);
            listing->name = site_traits(listing->site) & (SITE_OF_IMPORT | SITE_WITHOUT_USER) ? 0 : path_name(absolute);
        }
        pthread_mutex_lock(&lock);
        listing->next = *bucket_of(folder);
        *bucket_of(folder) = listing;
        pthread_mutex_unlock(&lock);
    }
    errno = saved_errno;
}

/* --- Recording ---------------------------------------------------------------------------------------------------- */

static bool is_dots(const char *name)
{
    return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

/* The order: each digest goes into the next. The set: a sum, which forgets the order. */
static void seen(struct listing *listing, const char *name)
{
    uint64_t link[4];

    if (!listing->name || listing->ended || is_dots(name))
        return;
    preload_digest(name, strlen(name), link + 2);
    listing->set[0] += link[2];
    listing->set[1] += link[3];
    memcpy(link, listing->order, sizeof listing->order);
    preload_digest(link, sizeof link, listing->order);
    listing->n_entries++;
}

static void ended(struct preload_thread *self, struct listing *listing)
{
    if (!listing->name || listing->ended)
        return;
    struct oneseed_event event = {
        .kind = ONESEED_EVENT_LISTING,
        .site = listing->site,
        .name = listing->name,
        .words = listing->n_entries,
        .in = {listing->set[0], listing->set[1]},
        .out = {listing->order[0], listing->order[1]},
    };
    preload_emit(self, &event);
    listing->ended = true;
}

static void start_again(struct listing *listing)
{
    listing->ended = false;
    listing->n_entries = 0;
    memset(listing->order, 0, sizeof listing->order);
    memset(listing->set, 0, sizeof listing->set);
}

/* --- Ordering ----------------------------------------------------------------------------------------------------- */

static int compare_entries(const void *a, const void *b)
{
    const char *x = (*(struct dirent *const *)a)->d_name, *y = (*(struct dirent *const *)b)->d_name;

    if (is_dots(x) || is_dots(y))
        return is_dots(x) && is_dots(y) ? strcmp(x, y) : is_dots(y) - is_dots(x);
    if (wanted_order == ORDER_SHUFFLED) { /* by a hash that the directory's own layout does not use */
        uint64_t u = digest64_seeded(x, strlen(x), 1), v = digest64_seeded(y, strlen(y), 1);
        if (u != v)
            return u < v ? -1 : 1;
    }
    return wanted_order == ORDER_REVERSE ? strcmp(y, x) : strcmp(x, y);
}

static size_t copy_nbytes(const struct dirent *entry)
{
    size_t n = offsetof(struct dirent, d_name) + strlen(entry->d_name) + 1;
    return (n + 7) & ~(size_t)7;
}

/* Entries are collected by their offset in the arena, which moves as it grows. */
static bool load(struct listing *listing)
{
    size_t room = 0, used = 0, n = 0;
    struct dirent *entry;

    errno = 0;
    while ((entry = REAL(readdir)(listing->folder))) {
        size_t nbytes = copy_nbytes(entry);
        if (used + nbytes > room) {
            char *larger = realloc(listing->arena, room = 2 * room + 4096);
            if (!larger)
                return false;
            listing->arena = larger;
        }
        memcpy(listing->arena + used, entry, nbytes);
        ((struct dirent *)(void *)(listing->arena + used))->d_reclen = (unsigned short)nbytes;
        used += nbytes;
        n++;
    }
    listing->error = errno;
    listing->entries = malloc((n + 1) * sizeof(struct dirent *));
    if (!listing->entries)
        return false;
    for (size_t i = 0, at = 0; i < n; i++) {
        listing->entries[i] = (struct dirent *)(void *)(listing->arena + at);
        at += listing->entries[i]->d_reclen;
    }
    qsort(listing->entries, n, sizeof(struct dirent *), compare_entries);
    for (size_t i = 0; i < n; i++)
        listing->entries[i]->d_off = (off_t)(i + 1);
    listing->n_loaded = n;
    listing->loaded = true;
    return true;
}

/* The next entry in the wanted order; errno as readdir() sets it. */
static struct dirent *next_ordered(struct listing *listing, int saved_errno)
{
    if (!listing->loaded && !load(listing)) {
        unload(listing); /* no memory: an error is honest, half an order is not */
        errno = ENOMEM;
        return NULL;
    }
    errno = saved_errno;
    if (listing->position < listing->n_loaded)
        return listing->entries[listing->position++];
    if (listing->error) {
        errno = listing->error;
        listing->error = 0;
    }
    return NULL;
}

/* --- Hooks -------------------------------------------------------------------------------------------------------- */

PRELOAD_EXPORT DIR *opendir(const char *path)
{
    struct preload_thread *self = preload_enter();
    DIR *folder = REAL(opendir)(path);

    if (!self)
        return folder;
    if (folder)
        opened(folder, path, PRELOAD_CALLER);
    preload_leave(self);
    return folder;
}

PRELOAD_EXPORT DIR *fdopendir(int descriptor)
{
    struct preload_thread *self = preload_enter();
    DIR *folder = REAL(fdopendir)(descriptor);

    if (!self)
        return folder;
    if (folder)
        opened(folder, NULL, PRELOAD_CALLER);
    preload_leave(self);
    return folder;
}

static struct dirent *read_entry(DIR *folder)
{
    struct preload_thread *self = preload_enter();
    struct listing *listing = self ? find(folder) : NULL;
    struct dirent *entry;
    int saved_errno = errno;

    if (!listing) {
        entry = REAL(readdir)(folder);
    } else {
        entry = wanted_order == ORDER_OF_SYSTEM ? REAL(readdir)(folder) : next_ordered(listing, saved_errno);
        saved_errno = errno;
        if (entry)
            seen(listing, entry->d_name);
        else
            ended(self, listing);
        errno = saved_errno;
    }
    if (self)
        preload_leave(self);
    return entry;
}

PRELOAD_EXPORT struct dirent *readdir(DIR *folder)
{
    return read_entry(folder);
}

PRELOAD_EXPORT struct dirent64 *readdir64(DIR *folder)
{
    return (struct dirent64 *)(void *)read_entry(folder);
}

static int read_entry_into(DIR *folder, struct dirent *room, struct dirent **entry_out)
{
    int saved_errno = errno;

    errno = 0;
    struct dirent *entry = read_entry(folder);
    int error = entry ? 0 : errno;
    errno = saved_errno;
    if (entry)
        memcpy(room, entry, offsetof(struct dirent, d_name) + strlen(entry->d_name) + 1);
    *entry_out = entry ? room : NULL;
    return error;
}

PRELOAD_EXPORT int readdir_r(DIR *folder, struct dirent *room, struct dirent **entry_out)
{
    return preload_active() ? read_entry_into(folder, room, entry_out) : REAL(readdir_r)(folder, room, entry_out);
}

PRELOAD_EXPORT int readdir64_r(DIR *folder, struct dirent64 *room, struct dirent64 **entry_out)
{
    return readdir_r(folder, (struct dirent *)(void *)room, (struct dirent **)(void *)entry_out);
}

PRELOAD_EXPORT int closedir(DIR *folder)
{
    struct preload_thread *self = preload_enter();

    if (!self)
        return REAL(closedir)(folder);
    struct listing *listing = take_out(folder); /* before another thread can be given the same address */
    if (listing) {
        ended(self, listing);
        unload(listing);
        free(listing);
    }
    int result = REAL(closedir)(folder);
    preload_leave(self);
    return result;
}

PRELOAD_EXPORT void rewinddir(DIR *folder)
{
    struct preload_thread *self = preload_enter();
    struct listing *listing = self ? find(folder) : NULL;

    if (listing) {
        if (listing->n_entries > 0)
            ended(self, listing);
        start_again(listing);
        unload(listing);
    }
    REAL(rewinddir)(folder);
    if (self)
        preload_leave(self);
}

PRELOAD_EXPORT long telldir(DIR *folder)
{
    struct preload_thread *self = preload_enter();
    struct listing *listing = self && wanted_order != ORDER_OF_SYSTEM ? find(folder) : NULL;
    long position = listing ? (long)listing->position : REAL(telldir)(folder);

    if (self)
        preload_leave(self);
    return position;
}

PRELOAD_EXPORT void seekdir(DIR *folder, long position)
{
    struct preload_thread *self = preload_enter();
    struct listing *listing = self && wanted_order != ORDER_OF_SYSTEM ? find(folder) : NULL;

    if (!listing)
        REAL(seekdir)(folder, position);
    else if (listing->loaded || load(listing))
        listing->position = position < 0                           ? 0
                            : (size_t)position < listing->n_loaded ? (size_t)position
                                                                   : listing->n_loaded;
    else
        unload(listing);
    if (self)
        preload_leave(self);
}

/* --- What the C library does with its own readdir ----------------------------------------------------------------- */

typedef int entry_filter(const struct dirent *);
typedef int entry_order(const struct dirent **, const struct dirent **);

static void free_entries(struct dirent **entries, size_t n)
{
    while (n > 0)
        free(entries[--n]);
    free(entries);
}

/* Closes the folder. -1 with errno when there is no memory or the folder cannot be read. */
static int collect(DIR *folder, struct dirent ***entries_out, entry_filter *filter, entry_order *order)
{
    struct dirent **entries = NULL;
    size_t n = 0, room = 0;
    struct dirent *entry;
    int error = 0, saved_errno = errno;

    for (errno = 0; !error && (entry = readdir(folder)); errno = 0) {
        if (filter && !filter(entry))
            continue;
        size_t nbytes = copy_nbytes(entry);
        if (n == room) {
            struct dirent **more = realloc(entries, (room = 2 * room + 16) * sizeof *entries);
            if (!more) {
                error = ENOMEM;
                break;
            }
            entries = more;
        }
        if ((entries[n] = malloc(nbytes > sizeof *entry ? nbytes : sizeof *entry)))
            memcpy(entries[n++], entry, offsetof(struct dirent, d_name) + strlen(entry->d_name) + 1);
        else
            error = ENOMEM;
    }
    if (!error)
        error = errno;
    closedir(folder);
    if (error) {
        free_entries(entries, n);
        errno = error;
        return -1;
    }
    if (order && n > 0)
        qsort(entries, n, sizeof *entries, (int (*)(const void *, const void *))(void (*)(void))order);
    *entries_out = entries;
    errno = saved_errno;
    return (int)n;
}

PRELOAD_EXPORT int scandir(const char *path, struct dirent ***entries_out, entry_filter *filter, entry_order *order)
{
    if (!preload_active())
        return REAL(scandir)(path, entries_out, filter, order);
    struct preload_thread *self = preload_enter();
    DIR *folder = REAL(opendir)(path);
    if (self) {
        if (folder)
            opened(folder, path, PRELOAD_CALLER);
        preload_leave(self);
    }
    return folder ? collect(folder, entries_out, filter, order) : -1;
}

PRELOAD_EXPORT int scandir64(const char *path, struct dirent64 ***entries_out, int (*filter)(const struct dirent64 *),
                             int (*order)(const struct dirent64 **, const struct dirent64 **))
    __attribute__((alias("scandir")));

PRELOAD_EXPORT int scandirat(int descriptor, const char *path, struct dirent ***entries_out, entry_filter *filter,
                             entry_order *order)
{
    if (!preload_active())
        return REAL(scandirat)(descriptor, path, entries_out, filter, order);
    int opened_descriptor = openat(descriptor, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
    if (opened_descriptor < 0)
        return -1;
    struct preload_thread *self = preload_enter();
    DIR *folder = REAL(fdopendir)(opened_descriptor);
    if (self) {
        if (folder)
            opened(folder, NULL, PRELOAD_CALLER);
        preload_leave(self);
    }
    return folder ? collect(folder, entries_out, filter, order) : -1;
}

PRELOAD_EXPORT int scandirat64(int descriptor, const char *path, struct dirent64 ***entries_out,
                               int (*filter)(const struct dirent64 *),
                               int (*order)(const struct dirent64 **, const struct dirent64 **))
    __attribute__((alias("scandirat")));

static __thread void *glob_caller __attribute__((tls_model("initial-exec")));

static void *open_for_glob(const char *path)
{
    struct preload_thread *self = preload_enter();
    DIR *folder = REAL(opendir)(path);

    if (!self)
        return folder;
    if (folder)
        opened(folder, path, glob_caller);
    preload_leave(self);
    return folder;
}

static void close_for_glob(void *folder)
{
    closedir(folder);
}

static struct dirent *read_for_glob(void *folder)
{
    return readdir(folder);
}

/* glob() takes other functions for the folders: ours. */
PRELOAD_EXPORT int glob(const char *pattern, int flags, int (*on_error)(const char *, int), glob_t *result)
{
    if (!preload_active() || (flags & GLOB_ALTDIRFUNC))
        return REAL(glob)(pattern, flags, on_error, result);
    result->gl_opendir = open_for_glob;
    result->gl_closedir = close_for_glob;
    result->gl_readdir = read_for_glob;
    result->gl_stat = stat;
    result->gl_lstat = lstat;
    glob_caller = PRELOAD_CALLER;
    int status = REAL(glob)(pattern, flags | GLOB_ALTDIRFUNC, on_error, result);
    result->gl_flags &= ~GLOB_ALTDIRFUNC;
    return status;
}

PRELOAD_EXPORT int glob64(const char *pattern, int flags, int (*on_error)(const char *, int), glob64_t *result)
    __attribute__((alias("glob")));
