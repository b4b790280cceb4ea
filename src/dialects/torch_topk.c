/* torch_topk.c - torch.topk of one row.
 * SPDX-License-Identifier: MIT
 *
 * native/TopKImpl.h calls std::partial_sort when 64 k <= n, else std::nth_element and std::sort. None of them is
 * stable, so that where equal values end is a property of libstdc++'s algorithms, which have been the same since GCC
 * 4.5: introselect and introsort (Musser 1997) with the median of the second, middle and last, a switch to insertion
 * below 16, and a heap whose hole sinks to the bottom before the value rises. */
#include "dialects/torch_topk.h"

#include <math.h>    /* isnan */
#include <stdbool.h> /* bool */

typedef struct torch_ranked ranked;

enum { INSERTION_MAX = 16 };

/* x comes before y. */
static bool before(ranked x, ranked y)
{
    return (isnan(x.value) && !isnan(y.value)) || x.value > y.value;
}

static void swap(ranked *x, ranked *y)
{
    ranked kept = *x;
    *x = *y;
    *y = kept;
}

/* ---- heaps: the root is what comes last ---- */

/* Puts `value` where `hole` is, below which both parts are heaps. */
static void sink(ranked *heap, size_t hole, size_t n, ranked value)
{
    const size_t top = hole;
    size_t child = hole;
    while (n > 0 && child < (n - 1) / 2) {
        child = 2 * (child + 1);
        if (before(heap[child], heap[child - 1]))
            child--;
        heap[hole] = heap[child];
        hole = child;
    }
    if (n % 2 == 0 && n >= 2 && child == (n - 2) / 2) {
        child = 2 * (child + 1);
        heap[hole] = heap[child - 1];
        hole = child - 1;
    }
    while (hole > top && before(heap[(hole - 1) / 2], value)) {
        heap[hole] = heap[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    heap[hole] = value;
}

/* The first k of n become a heap of the k that come first. */
static void heap_select(ranked *row, size_t k, size_t n)
{
    for (size_t parent = k / 2; parent-- > 0;)
        sink(row, parent, k, row[parent]);
    for (size_t i = k; i < n; i++)
        if (before(row[i], row[0])) {
            ranked value = row[i];
            row[i] = row[0];
            sink(row, 0, k, value);
        }
}

static void sort_heap(ranked *heap, size_t n)
{
    while (n > 1) {
        ranked value = heap[--n];
        heap[n] = heap[0];
        sink(heap, 0, n, value);
    }
}

/* ---- partitions ---- */

static void median_to_first(ranked *first, ranked *a, ranked *b, ranked *c)
{
    ranked *median;
    if (before(*a, *b))
        median = before(*b, *c) ? b : before(*a, *c) ? c : a;
    else
        median = before(*a, *c) ? a : before(*b, *c) ? c : b;
    swap(first, median);
}

/* Where the second part begins; n is at least 4. */
static size_t partition(ranked *row, size_t n)
{
    median_to_first(row, row + 1, row + n / 2, row + n - 1);
    for (size_t low = 1, high = n;;) {
        while (before(row[low], row[0]))
            low++;
        high--;
        while (before(row[0], row[high]))
            high--;
        if (low >= high)
            return low;
        swap(row + low, row + high);
        low++;
    }
}

/* `from` sorted ones stand at the front. */
static void insert(ranked *row, size_t from, size_t n)
{
    for (size_t i = from; i < n; i++) {
        ranked value = row[i];
        size_t to = i;
        for (; to > 0 && before(value, row[to - 1]); to--)
            row[to] = row[to - 1];
        row[to] = value;
    }
}

static unsigned depth_limit(size_t n)
{
    unsigned floor_log2 = 0;
    for (; n > 1; n >>= 1)
        floor_log2++;
    return 2 * floor_log2;
}

/* Place `nth` holds what belongs there, before it what comes before. */
static void select_nth(ranked *row, size_t nth, size_t n)
{
    unsigned depth = depth_limit(n);
    size_t first = 0;
    while (n - first > 3) {
        if (depth-- == 0) {
            heap_select(row + first, nth + 1 - first, n - first);
            swap(row + first, row + nth);
            return;
        }
        size_t cut = first + partition(row + first, n - first);
        if (cut <= nth)
            first = cut;
        else
            n = cut;
    }
    insert(row + first, 1, n - first);
}

/* All but the insertions: runs of up to 16 are left as they are. The longer part is at most one level of recursion
 * for each of 2 log2 n. */
static void sort_roughly(ranked *row, size_t n, unsigned depth)
{
    while (n > INSERTION_MAX) {
        if (depth-- == 0) {
            heap_select(row, n, n);
            sort_heap(row, n);
            return;
        }
        size_t cut = partition(row, n);
        sort_roughly(row + cut, n - cut, depth);
        n = cut;
    }
}

void torch_topk(struct torch_ranked *row, size_t n, size_t k)
{
    if (k <= n / 64) {
        heap_select(row, k, n);
        sort_heap(row, k);
        return;
    }
    select_nth(row, k - 1, n);
    if (k > 1) {
        sort_roughly(row, k - 1, depth_limit(k - 1));
        insert(row, 1, k - 1);
    }
}

void torch_sort(struct torch_ranked *row, size_t n)
{
    sort_roughly(row, n, depth_limit(n));
    insert(row, 1, n);
}
