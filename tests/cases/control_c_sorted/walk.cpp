// walk.cpp - seeded random walk; distinct places counted with a hash set, printed sorted.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <unordered_set>
#include <vector>

int main()
{
    const auto start = std::chrono::steady_clock::now();
    std::mt19937_64 engine(20240501);
    std::unordered_set<long> places;
    long position = 0;
    for (int i = 0; i < 50000; i++) {
        position += engine() & 1 ? 1 : -1;
        places.insert(position);
    }
    std::vector<long> sorted(places.begin(), places.end());
    std::sort(sorted.begin(), sorted.end());
    std::printf("%zu places from %ld to %ld, end at %ld\n", sorted.size(), sorted.front(), sorted.back(), position);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::fprintf(stderr, "%.6f s, buffer at %p\n", took.count(), static_cast<void *>(sorted.data()));
    return 0;
}
