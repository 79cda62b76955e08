"""Section labels of the replica: navigation and box headings."""

from devtools.replica.sections import NAVIGATION


class Labels:
    """Printed text of each label of the navigation."""

    def __init__(self) -> None:
        self._printed = {label: label for label in NAVIGATION}
        self._missing: set[str] = set()

    def rename(self, label: str, shown: str | None) -> None:
        """Print another text for a label. None removes it from the navigation. KeyError: unknown label."""
        if label not in self._printed:
            raise KeyError(label)
        self._missing.discard(label)
        if shown is None:
            self._missing.add(label)
        else:
            self._printed[label] = shown

    def __getitem__(self, label: str) -> str:
        return self._printed[label]

    def navigation(self) -> list[str]:
        """Return the original labels of the navigation."""
        return [label for label in NAVIGATION if label not in self._missing]
