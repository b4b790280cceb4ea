// sample.cpp - Metropolis sampling of a two-humped density.
#include <cmath>
#include <cstdio>
#include <random>
#include <vector>

namespace {

double density(double x)
{
    return std::exp(-0.5 * (x - 2) * (x - 2)) + 0.6 * std::exp(-(x + 2) * (x + 2));
}

class Chain {
public:
    explicit Chain(double width) : engine_(seed()), step_(0.0, width), accept_(0.0, 1.0) {}

    double next()
    {
        const double proposal = position_ + step_(engine_);
        if (accept_(engine_) * density(position_) < density(proposal)) {
            position_ = proposal;
        }
        return position_;
    }

private:
    static unsigned seed()
    {
        std::random_device device;
        return device();
    }

    std::mt19937 engine_;
    std::normal_distribution<double> step_;
    std::uniform_real_distribution<double> accept_;
    double position_ = 0.0;
};

} // namespace

int main()
{
    Chain chain(1.5);
    std::vector<double> values;
    for (int i = 0; i < 20000; i++) {
        values.push_back(chain.next());
    }
    double sum = 0, squares = 0;
    for (const double value : values) {
        sum += value;
        squares += value * value;
    }
    const double n = static_cast<double>(values.size());
    std::printf("mean %.6f variance %.6f\n", sum / n, squares / n - sum / n * sum / n);
    return 0;
}
