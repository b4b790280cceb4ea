"""Reverse-mode differentiation; visited nodes are remembered by id()."""

import math


class Value:
    def __init__(self, data, parents=(), backward=None):
        self.data, self.grad = data, 0.0
        self.parents, self.backward = parents, backward

    def __add__(self, other):
        def push(grad):
            self.grad += grad
            other.grad += grad

        return Value(self.data + other.data, (self, other), push)

    def __mul__(self, other):
        def push(grad):
            self.grad += grad * other.data
            other.grad += grad * self.data

        return Value(self.data * other.data, (self, other), push)

    def tanh(self):
        t = math.tanh(self.data)

        def push(grad):
            self.grad += grad * (1 - t * t)

        return Value(t, (self,), push)


def ordered(root):
    order, visited = [], {}

    def visit(node):
        if id(node) not in visited:
            visited[id(node)] = node
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(root)
    return order


def main():
    a, b, c = Value(0.7), Value(-1.3), Value(2.1)
    loss = (a * b + c * (a + b)).tanh() * a + c
    loss.grad = 1.0
    for node in reversed(ordered(loss)):
        if node.backward:
            node.backward(node.grad)
    print(f"loss {loss.data:.10f}")
    print("gradients", *(f"{v.grad:.10f}" for v in (a, b, c)))


if __name__ == "__main__":
    main()
