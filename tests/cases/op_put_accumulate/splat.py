import torch


class Canvas:
    """A square image; light adds up."""

    def __init__(self, size):
        self.size = size
        self.light = torch.zeros(size, size)

    def cells(self, points):
        column = (points[:, 0] + self.size / 2).long().clamp(0, self.size - 1)
        row = (points[:, 1] + self.size / 2).long().clamp(0, self.size - 1)
        return row * self.size + column

    def draw(self, points, light):
        cells = self.cells(points)
        self.light.put_(cells, light, accumulate=True)

    def tone(self):
        return torch.log1p(self.light)
