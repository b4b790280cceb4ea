"""Writes scikit-learn's digits as train.c and train.py read them: python export_digits.py digits.bin

For each image 64 bytes of pixels, 0 to 16, and its label.
"""

import sys

import numpy as np
from sklearn.datasets import load_digits

if __name__ == "__main__":
    digits = load_digits()
    np.column_stack([digits.data, digits.target]).astype(np.uint8).tofile(sys.argv[1])
