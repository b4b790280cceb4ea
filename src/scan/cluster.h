/* cluster.h - workers on other machines: a driver in Python gives their tasks to Ray.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_SCAN_CLUSTER_H
#define ONESEED_SCAN_CLUSTER_H

#include <signal.h> /* sig_atomic_t */
#include <stddef.h> /* size_t */

struct cluster;

/* Who waits for a cluster. */
struct cluster_caller {
    const volatile sig_atomic_t *asked; /* gives up when it gets set */
    void (*say)(void *context, const char *line);
    void *context;
};

/* `address` of the cluster, "" = Ray's own choice; `request` is what each worker serves (serve_text). NULL with the
 * reason. *n_places_out: so many runs have room at the same time. `caller` is copied. */
struct cluster *cluster_start(const char *address, const char *request, const struct cluster_caller *caller,
                              size_t *n_places_out, char *error, size_t error_nbytes);
/* Says what the driver, and Ray in it, have written since: by themselves their words would cut into a table. Never waits. */
void cluster_listen(struct cluster *cluster);
/* A pool's connect: a socket to a fresh worker; -1: the driver is gone. */
int cluster_connect(void *cluster);
/* Ends the driver and with it all that still runs. Accepts NULL. */
void cluster_end(struct cluster *cluster);

#endif
