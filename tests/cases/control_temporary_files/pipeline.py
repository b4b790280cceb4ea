"""A two-stage pipeline that hands its intermediate table over in a temporary file."""

import csv
import os
import random
import tempfile


def write_stage(rows):
    with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False, newline="") as file:
        csv.writer(file).writerows(rows)
        return file.name


def read_stage(path):
    try:
        with open(path, newline="") as file:
            return [(name, float(value)) for name, value in csv.reader(file)]
    finally:
        os.unlink(path)


def main():
    rng = random.Random(3)
    path = write_stage((f"item{i}", round(rng.gauss(0, 1), 6)) for i in range(200))
    table = read_stage(path)
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.txt")
        with open(report, "w") as file:
            file.write(f"{max(table, key=lambda row: row[1])}")
        with open(report) as file:
            print("largest", file.read())
    print(f"sum {sum(value for _, value in table):.6f}")


if __name__ == "__main__":
    main()
