"""The numbers of Python, NumPy, PyTorch and scikit-learn from oneseed: in any version's stream, and without those packages."""
from oneseed import numpy as onp, python as opython, sklearn as osk, torch as otorch

rng = opython.Random(42)
for _ in range(4):
    print(rng.randint(0, 10))

for value in onp.RandomState(17).randn(3):
    print("%.17g" % value)

generator = onp.default_rng(7)
print(*generator.integers(0, 100, 3))
try:
    generator.normal(0.0, -1.0, 3)
except ValueError as error:
    print(error)

otorch.manual_seed(17)
for value in otorch.randn(5).tolist():
    print("%.9g" % value)
print(*otorch.randperm(6).tolist())

train, test = osk.train_test_split(range(10), test_size=0.3, random_state=42)
print(*test)
