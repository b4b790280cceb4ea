import os

import torch


def save(path, model, optimizer, epoch):
    temporary = path + ".tmp"
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}, temporary)
    os.replace(temporary, path)


def resume(path, model, optimizer):
    """Goes on from the last checkpoint; gives the epoch to start with."""
    if not os.path.isfile(path):
        return 0
    state = torch.load(path)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return state["epoch"] + 1
