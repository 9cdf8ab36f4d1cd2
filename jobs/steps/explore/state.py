"""The server's state: the files of the current version, and answers that it remembers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar, cast

from jobs.steps.explore import place as places
from jobs.steps.explore.database import Database
from jobs.steps.explore.dataset import Dataset, dataset
from jobs.steps.explore.maps import Maps
from jobs.steps.explore.place import Place
from schemas.errors import UserError
from schemas.settings.explore import ExploreConfig

T = TypeVar("T")

_REMEMBERED = 200


class Version:
    """One version of the tables of a place; requests under way keep the one that they began with."""

    def __init__(self, place: Place) -> None:
        self.place = place
        files = [file for groups in place.tables.values() for group in groups for file in group]
        self.database = Database(files)
        self._datasets: dict[str, Dataset] = {}
        self._answers: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._lock = threading.Lock()
        self.maps = Maps()

    def dataset(self, table: str) -> Dataset:
        """Return a table of documents.

        Raises
        ------
        UserError
            The place has no such table of documents.
        """
        if table not in self.tables:
            raise UserError(f"no table {table!r} here: the tables are {', '.join(self.tables)}")
        with self._lock:
            if table not in self._datasets:
                self._datasets[table] = dataset(self.database, table, self.place.tables[table])
            return self._datasets[table]

    @property
    def tables(self) -> list[str]:
        """The tables of documents, those of a root without its empty ones."""
        shown = self.place.shown or list(self.place.tables)
        return [name for name in shown if any(self.place.tables[name])]

    def knows(self, key: tuple[Any, ...]) -> bool:
        """Return whether there is an answer for the key."""
        with self._lock:
            return key in self._answers

    def answer(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Return what `make` returned for the key before, or now: the files do not change."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return cast("T", self._answers[key])
        value = make()
        with self._lock:
            self._answers[key] = value
            while len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        return value


class State:
    """The current version of a place.

    Raises
    ------
    UserError
        `jobs.steps.explore.place.find` finds no documents, or DuckDB is not installed.
    """

    def __init__(self, config: ExploreConfig) -> None:
        self.config = config
        self._lock = threading.Lock()
        self._version = Version(places.find(config.place))
        self.name = self._version.place.path.name
        self.default_table = self._default_table(config.table)

    def _default_table(self, wanted: str | None) -> str:
        tables = self._version.tables
        if not tables:
            raise UserError(f"{self.config.place} has no documents: its tables are empty")
        if wanted is not None and wanted not in tables:
            raise UserError(f"--table: no {wanted!r} here: the tables are {', '.join(tables)}")
        self._version.dataset(wanted or tables[0])
        return wanted or tables[0]

    def version(self) -> Version:
        """Return the version that is current now: a takedown or another run may have published one."""
        place = self._version.place
        if place.is_root:
            with self._lock:
                if places.version(place.path) != self._version.place.version:
                    self._version = Version(places.root(place.path))
        return self._version
