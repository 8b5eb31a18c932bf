"""Draws what was measured; the same picture from the same figures. Needs bench/requirements.txt."""

from pathlib import Path


def growth(found: dict[str, dict], where: Path) -> None:
    """Milliseconds of what must stay flat on the left, seconds and megabytes of what may be linear on the right."""
    pyplot = _pyplot()
    sizes = sorted(map(int, found))

    def values(part: str, key: str) -> list[float]:
        return [found[str(size)].get(part, {}).get(key, float("nan")) for size in sizes]

    figure, (left, middle, right) = pyplot.subplots(1, 3, figsize=(12, 4))
    for part, key, label in (
        ("visitor", "total_ms", "total"),
        ("visitor", "page_ms", "page"),
        ("lists", "first page", "register, newest"),
        ("lists", "last page", "register, oldest"),
        ("lists", "desk", "desk"),
        ("erase", "erase_ms", "erase one person"),
    ):
        left.plot(sizes, values(part, key), marker="o", label=label)
    left.axhline(150, color="0.75", linestyle="--")
    left.set(
        xscale="log", yscale="log", ylim=(0.001, 400), xlabel="signatures", ylabel="ms", title="what somebody waits for"
    )
    for part, label in (("csv", "CSV"), ("xlsx", "XLSX"), ("package", "package"), ("retention", "forgetting all")):
        middle.plot(sizes, values(part, "seconds"), marker="o", label=label)
        right.plot(sizes, values(part, "peak_mb"), marker="o", label=label)
    middle.set(xscale="log", yscale="log", xlabel="signatures", ylabel="s", title="what a worker does")
    right.plot(sizes, values("nothing", "peak_mb"), color="0.75", linestyle="--", label="a process that only starts")
    right.set(xscale="log", ylim=(0, None), xlabel="signatures", ylabel="MB", title="its memory")
    for axes in (left, middle, right):
        axes.legend(fontsize="small")
    _save(figure, where)


def goodput(found: list[dict], where: Path) -> None:
    pyplot = _pyplot()
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4))
    offered = [step["offered"] for step in found]
    left.plot(offered, offered, color="0.75", linestyle="--", label="offered")
    left.plot(offered, [step["served"] for step in found], marker="o", label="signed and thanked")
    left.set(xlabel="visitors who send the form, a second", ylabel="a second", ylim=(0, max(offered) * 0.6))
    left.legend()
    right.plot(offered, [step["p50"] for step in found], marker="o", label="thanked, median")
    right.plot(offered, [step["p95"] for step in found], marker="o", label="thanked, 95 %")
    right.plot(offered, [step["refused p95"] or None for step in found], marker="x", label="told to come back, 95 %")
    right.set(xlabel="visitors who send the form, a second", ylabel="ms")
    right.legend()
    _save(figure, where)


def _pyplot():
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    pyplot.rcParams["svg.hashsalt"] = "actions"
    return pyplot


def _save(figure, where: Path) -> None:
    figure.tight_layout()
    figure.savefig(where, metadata={"Date": None})
