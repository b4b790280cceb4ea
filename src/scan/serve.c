/* serve.c - a worker on another machine: what a scan asks of it, as text there and back.
 * SPDX-License-Identifier: MIT */
#include "scan/serve.h"

#include <errno.h>  /* errno */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* free */
#include <string.h> /* strcmp */
#include <unistd.h> /* chdir, _exit */

#include <jansson.h> /* json_object */
#include <oneseed.h> /* oneseed_version */

#include "common/array.h" /* text_format */
#include "scan/fingerprint.h"
#include "scan/outcome.h" /* message_receive */
#include "study/study.h"  /* STUDY_ERROR_NBYTES */

struct worker_options serve_options(const struct request *request)
{
    return (struct worker_options){.argv = request->argv,
                                   .level = request->level,
                                   .timeout_s = request->timeout_s,
                                   .metrics = request->metrics,
                                   .n_metrics = request->n_metrics,
                                   .folders = request->folders,
                                   .keeps_output = request->keeps_output,
                                   .keeps_steps = request->keeps_steps,
                                   .reseeds = request->reseeds,
                                   .varied = request->varied,
                                   .preload = request->preload,
                                   .fixed_hash_seed = request->preload != NULL};
}

/* Messages go as they lie in memory: both sides must be the same program. */
static json_t *build(void)
{
    return json_sprintf("%s %zu %zu", oneseed_version(), sizeof(struct task), sizeof(struct outcome));
}

char *serve_text(const struct request *request, const char *files, const char *environment)
{
    static unsigned n;
    char tool[4096], **texts = request_texts(request, files, environment);
    ssize_t length = readlink("/proc/self/exe", tool, sizeof tool - 1);
    json_t *all = json_object();
    for (char **text = texts; *text; text += 2)
        json_object_set_new(all, text[0], json_string(text[1]));
    request_texts_clear(texts);
    tool[length > 0 ? length : 0] = '\0';
    json_object_set_new(all, "tool", json_string(tool));
    json_object_set_new(all, "build", build());
    json_object_set_new(all, "force", json_boolean(request->force));
    json_object_set_new(all, "id", json_sprintf("%ld.%u", (long)getpid(), n++));
    char *text = json_dumps(all, JSON_COMPACT);
    json_decref(all);
    return text;
}

static const char *text_of(void *context, const char *name)
{
    return json_string_value(json_object_get(context, name));
}

/* Which GPUs a task was given is its cluster's affair. */
static char *without_gpus(const char *environment)
{
    json_t *all = json_loads(environment ? environment : "", 0, NULL);
    json_object_del(all, "CUDA_VISIBLE_DEVICES");
    char *text = json_dumps(all, JSON_COMPACT);
    json_decref(all);
    return text;
}

/* What is not as it is where the scan runs; NULL: nothing. */
static char *difference(const json_t *asked, char *const *argv)
{
    const char *before = text_of((void *)asked, "script");
    char *files = fingerprint_files(argv), *kept = fingerprint_without_outputs(before, files);
    char *found = fingerprint_difference(kept ? kept : before, files, FINGERPRINT_KNOWN);
    free(kept);
    free(files);
    if (found)
        return found;
    char *environment = fingerprint_environment(argv), *here = without_gpus(environment);
    char *there = without_gpus(text_of((void *)asked, "environment"));
    found = fingerprint_difference(there, here, FINGERPRINT_ALL);
    free(environment);
    free(here);
    free(there);
    return found;
}

/* Why this machine cannot serve; "": it can. */
static void refusal_of(json_t *asked, struct request *request, char *refusal, size_t nbytes)
{
    char host[128] = "", why[STUDY_ERROR_NBYTES] = "";
    json_t *ours = build();
    (void)gethostname(host, sizeof host - 1);
    if (!json_equal(ours, json_object_get(asked, "build")))
        snprintf(why, sizeof why, "its oneseed is another build than the one that asks");
    else if (request_read_texts(text_of, asked, request, why, sizeof why))
        why[0] = '\0';
    const char *directory = request->directory ? request->directory : "";
    if (why[0] == '\0' && chdir(directory) != 0)
        snprintf(why, sizeof why, "%.300s: %s: the command's folder must be there", directory, strerror(errno));
    if (why[0] == '\0' && !json_is_true(json_object_get(asked, "force"))) {
        char *found = difference(asked, request->argv);
        if (found)
            snprintf(why, sizeof why,
                     "compared to where the scan runs, %.300s; its runs would not be comparable (--force runs them)",
                     found);
        free(found);
    }
    json_decref(ours);
    if (why[0] != '\0')
        snprintf(refusal, nbytes, "%s: %s", host, why);
}

_Noreturn void serve(int fd)
{
    struct message message;
    struct request request = {0};
    char refusal[STUDY_ERROR_NBYTES + 160] = "";
    if (!message_receive(fd, &message))
        _exit(2);
    json_t *asked = json_loadb((const char *)message.bytes, message.n, 0, NULL);
    message_clear(&message);
    refusal_of(asked, &request, refusal, sizeof refusal);
    struct worker_options options = serve_options(&request);
    options.refusal = refusal[0] != '\0' ? refusal : NULL;
    worker_serve(fd, &options);
}
