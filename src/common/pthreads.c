/* pthreads.c - the ready thread function: POSIX threads that live as long as a call.
 * SPDX-License-Identifier: MIT */
#include "oneseed.h" /* oneseed_threads */

enum { MOST_THREADS = 256 };

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>   /* pthread_create */
#include <signal.h>    /* pthread_sigmask */
#include <stdatomic.h> /* atomic_size_t */
#include <unistd.h>    /* sysconf */

struct work {
    atomic_size_t next;
    size_t n_jobs;
    void (*job)(void *argument, size_t k);
    void *argument;
};

static void *take_jobs(void *argument)
{
    struct work *work = argument;
    for (size_t k; (k = atomic_fetch_add(&work->next, 1)) < work->n_jobs;)
        work->job(work->argument, k);
    return NULL;
}

/* The caller is one of the threads. If the system gives fewer than are wanted, those do the work: all of it is the caller's at the
 * worst. The program's signals stay with its own threads. */
static void run_on_pthreads(const oneseed_threads *threads, size_t n_jobs, void (*job)(void *argument, size_t k),
                            void *argument)
{
    struct work work = {0, n_jobs, job, argument};
    pthread_t others[MOST_THREADS - 1];
    size_t n = 0, most = threads->n_threads < n_jobs ? threads->n_threads : n_jobs;
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    while (n + 1 < most && n < MOST_THREADS - 1 && pthread_create(&others[n], NULL, take_jobs, &work) == 0)
        n++;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)take_jobs(&work);
    while (n > 0)
        (void)pthread_join(others[--n], NULL);
}

static size_t n_processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (size_t)n : 1;
}
#else
static void run_on_pthreads(const oneseed_threads *threads, size_t n_jobs, void (*job)(void *argument, size_t k),
                            void *argument)
{
    (void)threads;
    for (size_t k = 0; k < n_jobs; k++)
        job(argument, k);
}

static size_t n_processors(void)
{
    return 1;
}
#endif

oneseed_threads oneseed_pthreads(size_t n_threads)
{
    size_t n = n_threads ? n_threads : n_processors();
    return (oneseed_threads){n < MOST_THREADS ? n : MOST_THREADS, run_on_pthreads, NULL};
}
