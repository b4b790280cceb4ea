/* lineage.c - where a process stands in the tree: its lane, its seed path, and how both go over to a child.
 * SPDX-License-Identifier: MIT
 *
 * docs/architecture.md, "Lanes" and "Between processes". */
#include <errno.h>    /* EEXIST */
#include <fcntl.h>    /* O_EXCL */
#include <signal.h>   /* kill: is the announced parent alive? */
#include <sys/stat.h> /* mkdir */
#include <unistd.h>   /* close */

#include "common/digest.h"        /* short names for lanes that have become too long */
#include "launch/preload/frame.h" /* struct place */
#include "launch/preload/text.h"  /* struct text */

PRELOAD_REAL(open);
PRELOAD_REAL(close);
PRELOAD_REAL(kill);

/* base + "." + k. A name that has become too long goes on from a hash of itself, so it stays unique and equal in every run. */
static void append_number(const char *base, uint32_t k, char *out)
{
    struct text text = text_in(out, LANE_NBYTES);
    size_t length = strlen(base);
    if (length + 12 > LANE_NBYTES) {
        text_add_bytes(&text, base, 64);
        text_add(&text, ".");
        text_add_decimal(&text, digest64(base, length));
    } else {
        text_add(&text, base);
    }
    if (text.length)
        text_add(&text, ".");
    text_add_decimal(&text, k);
}

void place_child(const struct place *parent, bool generator, uint32_t k, struct place *child_out)
{
    append_number(parent->lane, k, child_out->lane);
    if (k == 1 && !generator)
        memcpy(child_out->seed_path, parent->seed_path, sizeof child_out->seed_path);
    else
        append_number(parent->seed_path, k, child_out->seed_path);
    child_out->is_child = parent->is_child || atomic_load(&preload_process.recorder);
}

size_t place_write(const struct place *place, enum place_pid kind, pid_t pid, uint32_t n_children, uint32_t images,
                   char *bytes, size_t nbytes)
{
    struct text text = text_in(bytes, nbytes);
    text_add(&text, place->lane);
    text_add(&text, " ");
    text_add(&text, place->seed_path[0] ? place->seed_path : "-");
    text_add(&text, kind == PLACE_PID_PARENT ? " p" : " ");
    text_add_number(&text, (uint64_t)pid, 10, kind == PLACE_PID_PARENT ? 9 : 10);
    text_add(&text, " ");
    text_add(&text, place->is_child ? "r" : "-");
    text_add(&text, " ");
    text_add_decimal(&text, n_children);
    text_add(&text, " ");
    text_add_decimal(&text, images);
    return text.length;
}

/* The next word up to a space; moves *at behind it. Empty when the text has ended. */
static const char *next_word(const char **at, size_t *nbytes_out)
{
    const char *word = *at;
    *nbytes_out = strcspn(word, " ");
    *at = word + *nbytes_out + (word[*nbytes_out] == ' ');
    return word;
}

static uint32_t read_number(const char *text, size_t nbytes)
{
    uint32_t number = 0;
    for (size_t i = 0; i < nbytes && text[i] >= '0' && text[i] <= '9'; i++)
        number = number * 10 + (uint32_t)(text[i] - '0');
    return number;
}

/* Is the pid of the variable about us? A child of posix_spawn() is announced by its parent's pid, since nobody knows its
 * own before it runs; a parent that has ended meanwhile is believed. */
static bool is_ours(const char *word, size_t nbytes)
{
    if (nbytes && *word == 'p') {
        pid_t parent = (pid_t)read_number(word + 1, nbytes - 1);
        return raw_getppid() == parent || (REAL(kill)(parent, 0) && errno == ESRCH);
    }
    pid_t pid = (pid_t)read_number(word, nbytes);
    return pid == 0 || pid == raw_getpid();
}

/* Claims child number k of a lane for the whole tree. True as well when there is nowhere to claim it. */
static bool claim(const char *folder, const char *lane, uint32_t k)
{
    char path[PATH_MAX];
    struct text text = text_in(path, sizeof path);
    text_add(&text, folder);
    text_add(&text, "/claims");
    mkdir(path, 0700);
    text_add(&text, "/");
    text_add(&text, lane);
    text_add(&text, ".");
    text_add_decimal(&text, k);
    int fd = text.cut ? -1 : REAL(open)(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return text.cut || errno != EEXIST;
    REAL(close)(fd);
    return true;
}

bool place_take(const char *text, struct place *place_out, uint32_t *n_children_out, uint32_t *images_out)
{
    struct place place = {.is_child = false};
    size_t nbytes;
    const char *word = next_word(&text, &nbytes);
    if (!nbytes || nbytes >= sizeof place.lane)
        return false;
    memcpy(place.lane, word, nbytes);
    word = next_word(&text, &nbytes);
    if (nbytes >= sizeof place.seed_path)
        return false;
    if (nbytes != 1 || *word != '-')
        memcpy(place.seed_path, word, nbytes);
    word = next_word(&text, &nbytes);
    bool ours = is_ours(word, nbytes);
    word = next_word(&text, &nbytes);
    place.is_child = memchr(word, 'r', nbytes) != NULL;
    word = next_word(&text, &nbytes);
    uint32_t n_children = read_number(word, nbytes);
    word = next_word(&text, &nbytes);
    uint32_t images = read_number(word, nbytes);

    if (!ours) {
        const char *folder = preload_config("session");
        if (!folder)
            folder = preload_config("trace");
        uint32_t k = n_children + 1;
        while (folder && !claim(folder, place.lane, k) && k < n_children + 1000000)
            k++;
        struct place parent = place;
        place_child(&parent, false, k, &place);
        n_children = 0;
        images = 0;
    }
    *place_out = place;
    *n_children_out = n_children;
    *images_out = images;
    return true;
}
