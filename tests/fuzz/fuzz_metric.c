/* fuzz_metric.c - whatever a scanned run prints and writes: stdout, JSON, CSV, event files, logs.
 * SPDX-License-Identifier: MIT */
#include <stdint.h>   /* uint8_t */
#include <stdio.h>    /* snprintf */
#include <stdlib.h>   /* mkdtemp */
#include <string.h>   /* memcpy */
#include <sys/stat.h> /* mkdir */

#include "scan/metric.h"

static char folder[] = "/tmp/oneseed-fuzz-XXXXXX";
static char path[64];

static void write_file(const uint8_t *data, size_t n)
{
    FILE *file = fopen(path, "we");
    if (!file || fwrite(data, 1, n, file) != n)
        abort();
    fclose(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const hows[] = {"loss=([0-9.]+)",  "json:a.b",          "json:a@f", "csv:a@f",
                                       "tensorboard:a@f", "mlflow:tfevents@f", "text",     "(a|b) ([0-9.]+) {number}"};
    static struct metric metrics[8];
    struct measured measured = {0};
    char error[300];
    if (!path[0]) {
        if (!mkdtemp(folder))
            abort();
        snprintf(path, sizeof path, "%s/metrics", folder);
        if (mkdir(path, 0700) != 0)
            abort();
        snprintf(path, sizeof path, "%s/metrics/tfevents",
                 folder); /* of TensorBoard by its name, of MLflow by its place */
        for (size_t k = 0; k < 8; k++)
            if (!metric_make("a", hows[k], &metrics[k], error, sizeof error))
                abort();
    }
    char *text = malloc(n + 1);
    if (!text)
        abort();
    memcpy(text, data, n);
    metric_read_regex(&metrics[0], text, n, &measured);
    metric_read_regex(&metrics[6], text, n, &measured);
    metric_read_regex(&metrics[7], text, n, &measured);
    metric_read_json_lines(&metrics[1], text, n, &measured);
    free(text);
    write_file(data, n);
    metric_read_json_file(&metrics[2], path, &measured);
    metric_read_csv(&metrics[3], path, &measured);
    metric_read_tensorboard(&metrics[4], folder, &measured);
    metric_read_mlflow(&metrics[5], folder, &measured);
    metric_read_log(path, &measured);
    measured_clear(&measured);
    return 0;
}
