/* scan_open.c - the study of a scan: made, resumed, or joined; and whether what it was made with is still the same.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* free */
#include <string.h> /* strcmp */
#include <unistd.h> /* access */

#include "scan/fingerprint.h"
#include "scan/scan_inside.h"

void scan_know(void *context, const struct study_known *known)
{
    struct scan *scan = context;
    plan_know(&scan->plan, known);
}

bool scan_is_shared(const struct scan *scan)
{
    return strstr(scan->request->where, "://") != NULL;
}

static bool make_study(struct scan *scan, char *error)
{
    char *files = fingerprint_files(scan->request->argv), *environment = fingerprint_environment(scan->request->argv);
    char **texts = request_texts(scan->request, files, environment);
    scan->study = study_create(scan->request->where, (const char *const *)texts, error);
    request_texts_clear(texts);
    free(files);
    free(environment);
    return scan->study != NULL;
}

static bool compare(struct scan *scan, const char *name, char *now_text)
{
    char error[STUDY_ERROR_NBYTES];
    char *difference_text =
        fingerprint_difference(study_text(scan->study, name), now_text,
                               strcmp(name, "environment") == 0 ? FINGERPRINT_ALL : FINGERPRINT_KNOWN);
    bool ok = true;
    if (scan->is_resumed && scan->plan.n_state[PLANNED_OPEN] == 0) {
        /* Nothing is run, so nothing is mixed. */
    } else if (difference_text && !scan->request->force) {
        ok = scan_refuse(
            scan, "%s: since this study was begun, %s; its runs would not be comparable (--force goes on all the same)",
            scan->shown, difference_text);
    } else if (difference_text) {
        scan_say(scan, "since this study was begun, %s: going on, as you say", difference_text);
        ok = (study_set_text(scan->study, "forced", difference_text, error) &&
              study_set_text(scan->study, name, now_text, error)) ||
             scan_refuse(scan, "%s", error);
    }
    free(difference_text);
    free(now_text);
    return ok;
}

static bool open_again(struct scan *scan, char *error)
{
    scan->study = study_open_writer(scan->request->where, error);
    return scan->study != NULL;
}

/* More seeds than the study was made for are its seeds from now on; fewer, or others, are of this call only. */
static bool extend_seeds(struct scan *scan)
{
    const char *before = study_text(scan->study, "seeds");
    char error[STUDY_ERROR_NBYTES];
    struct seeds old;
    bool covers = true;
    if (!before || strcmp(before, scan->request->seeds) == 0 || !seeds_parse(before, &old, error, sizeof error))
        return true;
    for (size_t k = 0; covers && k < old.n; k++)
        covers = seeds_have(&scan->seeds, seeds_at(&old, k));
    seeds_clear(&old);
    return !covers || study_set_text(scan->study, "seeds", scan->request->seeds, error) ||
           scan_refuse(scan, "%s", error);
}

/* What this call says anew holds for the next one, too. */
static bool remember_call(struct scan *scan)
{
    char error[STUDY_ERROR_NBYTES], jobs[24];
    const char *until = scan->request->until ? scan->request->until : "none";
    const char *was = study_text(scan->study, "until"), *was_jobs = study_text(scan->study, "jobs");
    snprintf(jobs, sizeof jobs, "%zu", scan->request->jobs);
    if ((strcmp(was ? was : "none", until) != 0 && !study_set_text(scan->study, "until", until, error)) ||
        (scan->request->jobs > 0 && strcmp(was_jobs ? was_jobs : "1", jobs) != 0 &&
         !study_set_text(scan->study, "jobs", jobs, error)))
        return scan_refuse(scan, "%s", error);
    return true;
}

static bool take_up(struct scan *scan)
{
    char error[STUDY_ERROR_NBYTES];
    if (!study_each_known(scan->study, scan_know, scan, error))
        return scan_refuse(scan, "%s", error);
    scan->knows_imports = scan->plan.n_state[PLANNED_DONE] > 0 || !scan->is_resumed;
    return compare(scan, "script", fingerprint_again(study_text(scan->study, "script"), !scan->is_resumed)) &&
           compare(scan, "environment", fingerprint_environment(scan->request->argv)) && extend_seeds(scan);
}

/* Another worker has made this shared study: is it this very scan? */
static bool is_this_scan(struct scan *scan)
{
    /* Not the directory: it may lie elsewhere on another machine; its files are compared. */
    static const char *const names[] = {"command", "seeds", "level", "sources", "metrics", "options"};
    char **texts = request_texts(scan->request, "", "");
    const char *differs = NULL;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        for (char **text = texts; text[0] && text[1]; text += 2) {
            const char *there = strcmp(*text, names[k]) == 0 ? study_text(scan->study, names[k]) : text[1];
            if (!there || strcmp(there, text[1]) != 0)
                differs = names[k];
        }
    request_texts_clear(texts);
    if (differs)
        scan_refuse(scan,
                    "%s: there is a study of that name, and its %s is another: give this one another name (#NAME)",
                    scan->shown, differs);
    return !differs;
}

/* A run's folder is emptied before it: another study's would be lost. */
static bool folders_are_free(struct scan *scan)
{
    const char *folders = scan->request->folders;
    bool free_so_far = true;
    for (size_t place = 0; folders && free_so_far && place < scan->plan.n; place++) {
        struct study_key key = plan_key(&scan->plan, place);
        char *path = worker_folder(folders, &key);
        if (access(path, F_OK) == 0)
            free_so_far = scan_refuse(
                scan,
                "--folders %s: %s is there already, and a run of that seed would take its place: another folder, "
                "or remove it",
                folders, path);
        free(path);
    }
    return free_so_far;
}

bool scan_open_study(struct scan *scan, bool resume, bool *joined_out)
{
    char error[STUDY_ERROR_NBYTES], other[STUDY_ERROR_NBYTES];
    *joined_out = resume;
    scan->is_resumed = resume;
    if (resume)
        return open_again(scan, error) ? take_up(scan) && remember_call(scan) : scan_refuse(scan, "%s", error);
    if (!scan_is_shared(scan) && !folders_are_free(scan))
        return false;
    if (make_study(scan, error)) {
        scan->is_new = true;
        return true;
    }
    if (!scan_is_shared(scan) || !open_again(scan, other))
        return scan_refuse(scan, "%s", error);
    *joined_out = true;
    return is_this_scan(scan) && take_up(scan);
}

static void set_script(struct scan *scan, char *text)
{
    char error[STUDY_ERROR_NBYTES];
    if (text && !study_set_text(scan->study, "script", text, error))
        scan_refuse(scan, "%s", error);
    free(text);
}

void scan_forget_outputs(struct scan *scan)
{
    char *now_text = fingerprint_files(scan->request->argv);
    set_script(scan, fingerprint_without_outputs(study_text(scan->study, "script"), now_text));
    free(now_text);
}

void scan_know_imports(struct scan *scan)
{
    set_script(scan, fingerprint_imported(study_text(scan->study, "script"), scan->request->argv, scan->modules));
    free(scan->modules);
    scan->modules = NULL;
    scan->knows_imports = true;
}
