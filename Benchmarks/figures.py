"""One row of the result for each thing measured, and how rows are printed."""
import dataclasses
import math


@dataclasses.dataclass
class Row:
    what: str
    #: None: it could not be measured, and `note` says why.
    ours: float | None = None
    unit: str = "ms"
    #: None: the design sets no limit for it.
    budget: float | None = None
    peer: str = ""
    #: None: there is no such peer here, or none to compare with.
    peer_figure: float | None = None
    #: Whether a greater number is the better one, as with requests a second.
    more_is_better: bool = False
    note: str = ""

    @property
    def met(self):
        if self.budget is None or self.ours is None:
            return None
        return self.ours >= self.budget if self.more_is_better else self.ours <= self.budget

    @property
    def ratio(self):
        """How many times ours the peer's figure is."""
        if not self.ours or self.peer_figure is None:
            return None
        return self.peer_figure / self.ours

    def values(self):
        return dataclasses.asdict(self) | {"met": self.met, "ratio": self.ratio}


def percentile(samples, share):
    """The smallest sample that at least `share` of all samples do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def median(samples):
    ordered = sorted(samples)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def number(value, unit):
    if value is None:
        return "–"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}".strip()


def table(rows):
    """The rows as a table in Markdown, its columns aligned."""
    lines = [["what", "ours", "budget", "met?", "peer", "peer's figure", "ratio"]]
    for row in rows:
        met = {True: "yes", False: "**no**", None: "–"}[row.met]
        peer = row.peer or "–"
        figure = number(row.peer_figure, row.unit)
        if row.peer and row.peer_figure is None:
            figure = "peer not available"
        ratio = "–" if row.ratio is None else f"{row.ratio:.2f}"
        what = f"{row.what} ({row.note})" if row.note else row.what
        lines.append([
            what, number(row.ours, row.unit), number(row.budget, row.unit), met, peer, figure,
            ratio])
    widths = [max(len(line[column]) for line in lines) for column in range(7)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"
        for line in lines)
