/* train.c - trains a small network with dropout on the digits, as train.py does it with PyTorch; needs liboneseed alone.
 * SPDX-License-Identifier: MIT
 *
 * train digits.bin [losses.csv]
 *
 * Four things in a training are random. In the order in which PyTorch draws them from torch.manual_seed(0):
 *   1. the initial weights, layer by layer;          oneseed_torch_layer_fill
 *   2. in each epoch the loader's base seed, and the
 *      order of the images;                          oneseed_torch_loader_epoch_fill
 *   3. in each step the mask of the dropout.         oneseed_torch_dropout_fill
 * These are bit for bit PyTorch's. All else is arithmetic, in float32 and in the obvious order. */
#include <math.h> /* expf, logf */
#include <stdint.h>
#include <stdio.h>  /* printf, fopen */
#include <stdlib.h> /* exit */
#include <string.h> /* memset */

#include <oneseed.h> /* oneseed_torch_… */

enum { N_PIXELS = 64, N_HIDDEN = 128, N_CLASSES = 10, N_IMAGES = 1797, N_TRAIN = 1437, N_EPOCHS = 5, BATCH_SIZE = 50 };

static const float learning_rate = 0.1f, momentum = 0.9f;
static const double dropout = 0.25;

static float images[N_IMAGES][N_PIXELS];
static int labels[N_IMAGES];

static void check(oneseed_status status)
{
    if (status) {
        fprintf(stderr, "train: %s\n", oneseed_status_text(status));
        exit(1);
    }
}

static void load(const char *path)
{
    unsigned char row[N_PIXELS + 1];
    FILE *file = fopen(path, "rb");
    for (int i = 0; i < N_IMAGES; i++) {
        if (!file || fread(row, sizeof row, 1, file) != 1) {
            fprintf(stderr, "train: %s: not the digits; export_digits.py writes them\n", path);
            exit(1);
        }
        for (int k = 0; k < N_PIXELS; k++)
            images[i][k] = (float)row[k] / 16.0f;
        labels[i] = row[N_PIXELS];
    }
    fclose(file);
}

/* ---- torch.nn.Linear ---- */

enum { WEIGHTS_MAX = N_PIXELS * N_HIDDEN };

struct linear {
    int n_in, n_out;
    float weight[WEIGHTS_MAX], bias[N_HIDDEN]; /* weight[o * n_in + i], as torch's (out_features, in_features) */
    float weight_gradient[WEIGHTS_MAX], bias_gradient[N_HIDDEN];
    float weight_velocity[WEIGHTS_MAX], bias_velocity[N_HIDDEN];
};

static void make_linear(oneseed_torch *generator, struct linear *l, int n_in, int n_out)
{
    oneseed_torch_layer layer;
    void *parameters[2] = {l->weight, l->bias};
    oneseed_torch_layer_defaults(&layer, ONESEED_TORCH_LINEAR);
    layer.in_features = n_in;
    layer.out_features = n_out;
    check(oneseed_torch_layer_fill(generator, &layer, ONESEED_TORCH_FLOAT32, parameters));
    l->n_in = n_in;
    l->n_out = n_out;
}

/* out = x W^T + b */
static void forward(const struct linear *l, const float *x, int n_rows, float *out)
{
    for (int r = 0; r < n_rows; r++)
        for (int o = 0; o < l->n_out; o++) {
            float sum = 0.0f;
            for (int i = 0; i < l->n_in; i++)
                sum += x[r * l->n_in + i] * l->weight[o * l->n_in + i];
            out[r * l->n_out + o] = sum + l->bias[o];
        }
}

/* From the gradient of the outputs those of weights and bias, and, where it is asked for, that of the inputs. */
static void backward(struct linear *l, const float *x, const float *gradient, int n_rows, float *x_gradient)
{
    memset(l->weight_gradient, 0, sizeof l->weight_gradient);
    memset(l->bias_gradient, 0, sizeof l->bias_gradient);
    if (x_gradient)
        memset(x_gradient, 0, (size_t)(n_rows * l->n_in) * sizeof *x_gradient);
    for (int r = 0; r < n_rows; r++)
        for (int o = 0; o < l->n_out; o++) {
            float g = gradient[r * l->n_out + o];
            l->bias_gradient[o] += g;
            for (int i = 0; i < l->n_in; i++) {
                l->weight_gradient[o * l->n_in + i] += g * x[r * l->n_in + i];
                if (x_gradient)
                    x_gradient[r * l->n_in + i] += g * l->weight[o * l->n_in + i];
            }
        }
}

/* torch.optim.SGD(lr, momentum) */
static void descend(float *values, float *velocities, const float *gradients, int n)
{
    for (int i = 0; i < n; i++) {
        velocities[i] = momentum * velocities[i] + gradients[i];
        values[i] -= learning_rate * velocities[i];
    }
}

static void step(struct linear *l)
{
    descend(l->weight, l->weight_velocity, l->weight_gradient, l->n_in * l->n_out);
    descend(l->bias, l->bias_velocity, l->bias_gradient, l->n_out);
}

/* ---- loss ---- */

/* Mean of torch.nn.functional.cross_entropy; its gradient takes the place of the scores. */
static float cross_entropy(float *scores, const int *targets, int n_rows)
{
    double loss = 0.0;
    for (int r = 0; r < n_rows; r++) {
        float *row = scores + r * N_CLASSES, largest = row[0], sum = 0.0f;
        for (int c = 1; c < N_CLASSES; c++)
            largest = row[c] > largest ? row[c] : largest;
        for (int c = 0; c < N_CLASSES; c++)
            sum += expf(row[c] - largest);
        loss -= row[targets[r]] - largest - logf(sum);
        for (int c = 0; c < N_CLASSES; c++)
            row[c] = (expf(row[c] - largest) / sum - (float)(c == targets[r])) / (float)n_rows;
    }
    return (float)(loss / n_rows);
}

/* ---- the network: Linear, ReLU, Dropout, Linear ---- */

static struct linear first, second;
static float hidden[BATCH_SIZE * N_HIDDEN], mask[BATCH_SIZE * N_HIDDEN], hidden_gradient[BATCH_SIZE * N_HIDDEN];
static float scores[BATCH_SIZE * N_CLASSES];

/* One batch: forward, backward, descent. The loss is the one before the descent. */
static float train_batch(oneseed_torch *generator, const int64_t *indices, int n_rows)
{
    static float x[BATCH_SIZE * N_PIXELS], ones[BATCH_SIZE * N_HIDDEN];
    int targets[BATCH_SIZE], n_hidden = n_rows * N_HIDDEN;
    for (int r = 0; r < n_rows; r++) {
        memcpy(x + r * N_PIXELS, images[indices[r]], sizeof images[0]);
        targets[r] = labels[indices[r]];
    }
    for (int i = 0; i < n_hidden; i++)
        ones[i] = 1.0f;

    forward(&first, x, n_rows, hidden);
    /* Of ones dropout leaves its mask: 0, or 1 / (1 - p). */
    check(oneseed_torch_dropout_fill(generator, ONESEED_TORCH_FLOAT32, dropout, ones, mask, (size_t)n_hidden));
    for (int i = 0; i < n_hidden; i++) {
        mask[i] = hidden[i] > 0.0f ? mask[i] : 0.0f; /* ReLU's part in the gradient */
        hidden[i] *= mask[i];
    }
    forward(&second, hidden, n_rows, scores);

    float loss = cross_entropy(scores, targets, n_rows);
    backward(&second, hidden, scores, n_rows, hidden_gradient);
    for (int i = 0; i < n_hidden; i++)
        hidden_gradient[i] *= mask[i];
    backward(&first, x, hidden_gradient, n_rows, NULL);
    step(&first);
    step(&second);
    return loss;
}

static int n_right(int from, int to)
{
    int n = 0;
    for (int r = from; r < to; r++) {
        int best = 0;
        forward(&first, images[r], 1, hidden);
        for (int i = 0; i < N_HIDDEN; i++)
            hidden[i] = hidden[i] > 0.0f ? hidden[i] : 0.0f;
        forward(&second, hidden, 1, scores);
        for (int c = 1; c < N_CLASSES; c++)
            best = scores[c] > scores[best] ? c : best;
        n += best == labels[r];
    }
    return n;
}

int main(int argc, char **argv)
{
    static int64_t order[N_TRAIN], work[N_TRAIN];
    oneseed_torch generator = {0};
    oneseed_torch_sampler shuffled = {0};
    shuffled.kind = ONESEED_TORCH_RANDOM;
    shuffled.n_data = N_TRAIN;

    if (argc < 2) {
        fprintf(stderr, "usage: train digits.bin [losses.csv]\n");
        return 2;
    }
    load(argv[1]);
    FILE *losses = argc > 2 ? fopen(argv[2], "w") : NULL;

    oneseed_torch_manual_seed(&generator, 0);
    make_linear(&generator, &first, N_PIXELS, N_HIDDEN);
    make_linear(&generator, &second, N_HIDDEN, N_CLASSES);
    for (int epoch = 1; epoch <= N_EPOCHS; epoch++) {
        int64_t base_seed; /* a loader with workers would seed them with it */
        double total = 0.0;
        check(oneseed_torch_loader_epoch_fill(&generator, NULL, &shuffled, &base_seed, work, order));
        for (int begin = 0; begin < N_TRAIN; begin += BATCH_SIZE) {
            int n_rows = N_TRAIN - begin < BATCH_SIZE ? N_TRAIN - begin : BATCH_SIZE;
            float loss = train_batch(&generator, order + begin, n_rows);
            total += (double)loss * n_rows;
            if (losses)
                fprintf(losses, "%.9g\n", (double)loss);
        }
        printf("epoch %d: loss %.6f, %d of %d test images right\n", epoch, total / N_TRAIN, n_right(N_TRAIN, N_IMAGES),
               N_IMAGES - N_TRAIN);
    }
    if (losses && fclose(losses) != 0) {
        fprintf(stderr, "train: %s: cannot be written\n", argv[2]);
        return 1;
    }
    return 0;
}
