/* table.c - a recorder table for tests: each event becomes a line of JSON in the file $TABLE_OUT.
 * SPDX-License-Identifier: MIT
 *
 * Preloaded in place of liboneseed_preload.so, so that what the extension says can be looked at alone. */
#include <stdarg.h>  /* va_list */
#include <pthread.h> /* pthread_mutex_t: events of several threads */
#include <stdio.h>   /* fopen, fprintf */
#include <stdlib.h>  /* getenv */
#include <string.h>  /* strcmp, strstr */
#include <unistd.h>  /* getpid */

#include "preload/recorder.h" /* struct oneseed_recorder */

enum { N_TEXTS = 4096 };
static char *texts[N_TEXTS];
static unsigned n_texts;
static unsigned long n_emitted;
static oneseed_site_source *source;
static __thread unsigned n_pauses;
static __thread const char *owner;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void out(const char *format, ...)
{
    pthread_mutex_lock(&lock);
    FILE *f = fopen(getenv("TABLE_OUT"), "a");
    va_list arguments;
    va_start(arguments, format);
    vfprintf(f, format, arguments);
    va_end(arguments);
    fclose(f);
    pthread_mutex_unlock(&lock);
}

static const char *config(const char *key)
{
    char name[64];
    snprintf(name, sizeof name, "TABLE_%s", key);
    return getenv(name);
}

static bool listed(const char *key, const char *word)
{
    const char *list = config(key);
    return list && strstr(list, word);
}

static bool recording(void)
{
    return getenv("TABLE_OUT") != NULL;
}

static const char *lane(void)
{
    return "0";
}

static const char *seed_path(void)
{
    return "";
}

static bool is_child(void)
{
    return false;
}

static void nothing(void)
{
}

static uint64_t intern(const char *text, size_t text_nbytes)
{
    pthread_mutex_lock(&lock);
    unsigned k = 0;
    while (k < n_texts && (strlen(texts[k]) != text_nbytes || memcmp(texts[k], text, text_nbytes) != 0))
        k++;
    if (k == n_texts && n_texts < N_TEXTS) {
        texts[n_texts] = strndup(text, text_nbytes);
        n_texts++;
    }
    pthread_mutex_unlock(&lock);
    return k + 1;
}

static const char *text_of(uint64_t id)
{
    return id ? texts[id - 1] : "";
}

static void emit(const struct oneseed_event *e)
{
    if (n_pauses || !recording())
        return;
    n_emitted++;
    out("{\"pid\":%d,\"thread\":%lu,\"kind\":%d,\"flags\":%d,\"site\":\"%s\",\"name\":\"%s\",\"generator\":\"%s\","
        "\"words\":%llu,\"bytes\":%llu,\"in\":\"%016llx%016llx\",\"out\":\"%016llx%016llx\"}\n",
        (int)getpid(), (unsigned long)pthread_self(), e->kind, e->flags, text_of(e->site), text_of(e->name),
        text_of(e->generator), (unsigned long long)e->words, (unsigned long long)e->bytes, (unsigned long long)e->in[0],
        (unsigned long long)e->in[1], (unsigned long long)e->out[0], (unsigned long long)e->out[1]);
}

static uint64_t n_events(void)
{
    return n_emitted;
}

static void set_site_source(oneseed_site_source *given)
{
    source = given;
}

static void set_entropy_owner(const char *name)
{
    owner = name;
}

static void note(const char *text)
{
    out("{\"kind\":0,\"name\":\"%s\"}\n", text);
}

static uint64_t derive(const char *what, uint64_t k)
{
    return strlen(what) * 1000 + k;
}

static void (*in_child)(void);
static void run_in_child(void)
{
    if (in_child)
        in_child();
}

static void set_after_fork(void (*function)(void))
{
    if (!in_child)
        pthread_atfork(NULL, NULL, run_in_child);
    in_child = function;
}

static void pause_thread(void)
{
    n_pauses++;
}

static void resume_thread(void)
{
    n_pauses--;
}

__attribute__((visibility("default"))) const struct oneseed_recorder oneseed_recorder = {
    .version = ONESEED_RECORDER_VERSION,
    .size = sizeof(struct oneseed_recorder),
    .config = config,
    .listed = listed,
    .recording = recording,
    .lane = lane,
    .seed_path = seed_path,
    .is_child = is_child,
    .mark_recorder = nothing,
    .intern = intern,
    .emit = emit,
    .n_events = n_events,
    .set_site_source = set_site_source,
    .set_entropy_owner = set_entropy_owner,
    .note = note,
    .derive = derive,
    .set_after_fork = set_after_fork,
    .pause = pause_thread,
    .resume = resume_thread,
};
