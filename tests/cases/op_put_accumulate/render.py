"""Splats points of light onto an image, evenly spread along a spiral."""

import torch

import splat


def spiral(n):
    t = (torch.arange(n, dtype=torch.float64) * 0.6180339887498949 % 1.0 * 60).float()
    radius = t / 60 * 14
    points = torch.stack([radius * torch.cos(t), radius * torch.sin(t)], 1)
    return points, 0.1 + 0.9 * torch.sin(t * 1.7) ** 2


def main():
    points, light = spiral(4_000_000)
    canvas = splat.Canvas(32)
    canvas.draw(points, light)
    image = canvas.tone()
    print(f"mean {image.mean().item():.9f}")
    for row in image[12:20:4]:
        print(" ".join(f"{value:.7f}" for value in row[::4].tolist()))


if __name__ == "__main__":
    main()
