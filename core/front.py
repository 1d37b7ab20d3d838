"""The front page of an app: its apps.py says what it adds to the house, as names; ready() hangs them up."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

from django.apps import AppConfig, apps


@dataclass(frozen=True)
class Entry:
    """A line of the menu: words, route name, icon; `public` ones stand in the masthead, the others in the rail.

    `side`: at the far end of the masthead, and only for visitors who are not signed in. `foot`: at the foot of public
    pages and nowhere else.
    """

    label: Any
    route: str
    icon: str = ""
    public: bool = False
    side: bool = False
    foot: bool = False


class Front(AppConfig):
    """Names are looked up in the app's own module of that kind: jobs = ("render",) is <app>/jobs.py: render."""

    default = False  # Django looks for the one AppConfig of an apps.py and would find this class beside it

    menu: ClassVar[tuple[Entry, ...]] = ()
    inbox: ClassVar[tuple[str, ...]] = ()
    imports: ClassVar[tuple[str, ...]] = ()  # what can be imported at the desk: <app>/imports.py
    jobs: ClassVar[tuple[str, ...]] = ()
    daily: ClassVar[tuple[str, ...]] = ()  # jobs that the clock asks for each day
    urgent: ClassVar[tuple[str, ...]] = ()  # those of the jobs for which somebody waits at the screen
    panels: ClassVar[dict[str, tuple[str, ...]]] = {}
    shows: ClassVar[dict[str, tuple[str, ...]]] = {}  # <app>/panels.py: a Showing each, on the public page of a lower model
    keeps: ClassVar[tuple[str, ...]] = ()  # <app>/retention.py: a Keeping each, of what is not kept for ever
    deeds: ClassVar[str] = ""  # the module of the app whose DEEDS say what is done with its records
    counts: ClassVar[dict[str, tuple[str, ...]]] = {}  # <app>/panels.py: a Count each, in lists of a lower model
    personal: ClassVar[bool] = False  # <app>/kinds.py: PERSONAL, what models of others keep of people
    sentences: ClassVar[bool] = True  # <app>/kinds.py: SENTENCES, one for each verb the app records

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True

    def ready(self) -> None:
        from core import audit, deeds, inbox, jobs, panels, privacy, retention  # models are not loaded when this module is
        from core.imports import targets

        for name in self.inbox:
            inbox.register(self._find("inbox", name))
        for name in (*self.jobs, *self.daily):
            how = {"daily": name in self.daily, "urgent": name in self.urgent}
            jobs.register(f"{self.label}.{name}", self._find("jobs", name), **how)
        for label, names in self.panels.items():
            apps.get_model(label)
            for name in names:
                panels.register(label, self._find("panels", name))
        for label, names in self.shows.items():
            apps.get_model(label)
            for name in names:
                panels.show(label, self._find("panels", name))
        for label, names in self.counts.items():
            apps.get_model(label)
            for name in names:
                panels.count(label, self._find("panels", name))
        for name in self.imports:
            targets.register(self._find("imports", name))
        for name in self.keeps:
            retention.register(self._find("retention", name))
        if self.deeds:
            deeds.register(self._find(self.deeds, "DEEDS"))
        if self.personal:
            privacy.declare(self._find("kinds", "PERSONAL"))
        if self.sentences:
            audit.tell(self._find("kinds", "SENTENCES"))

    def _find(self, module: str, name: str) -> Any:
        return getattr(import_module(f"{self.name}.{module}"), name)


def menu(*, public: bool) -> list[Entry]:
    """The entries of every app: at the desk the lowest app first, for the public the highest, where the stories are."""
    fronts = [app for app in apps.get_app_configs() if isinstance(app, Front)]
    if not public:
        fronts.reverse()
    return [entry for app in fronts for entry in app.menu if entry.public is public]
