"""Greedy colouring of a random graph. Nodes are objects without an order of their own."""

import argparse
import random


class Node:
    def __init__(self, name):
        self.name = name
        self.neighbours = []
        self.colour = None

    def connect(self, other):
        self.neighbours.append(other)
        other.neighbours.append(self)

    def smallest_free(self):
        taken = {node.colour for node in self.neighbours}
        colour = 0
        while colour in taken:
            colour += 1
        return colour


def random_graph(n_nodes, n_edges, rng):
    nodes = [Node(f"n{i}") for i in range(n_nodes)]
    for _ in range(n_edges):
        a, b = rng.sample(nodes, 2)
        a.connect(b)
    return nodes


def colour(nodes):
    waiting = set(nodes)
    order = 0
    while waiting:
        node = waiting.pop()
        node.colour = node.smallest_free()
        node.order = order
        order += 1
    return 1 + max(node.colour for node in nodes)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--nodes", type=int, default=20000)
    parser.add_argument("--edges", type=int, default=60000)
    args = parser.parse_args()
    nodes = random_graph(args.nodes, args.edges, random.Random(8))
    n_colours = colour(nodes)
    sizes = [sum(node.colour == c for node in nodes) for c in range(n_colours)]
    print(f"{n_colours} colours, sizes {sizes}")
    print("first nodes", [node.colour for node in nodes[:20]])


if __name__ == "__main__":
    main()
