"""The two engravings, drawn in SVG from bytes: the rosette of a file's hash and the plate that stands in for a photograph."""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from math import cos, pi, sin

Point = tuple[float, float]
Curve = Callable[[float], Point]


def _path(at: Curve, slope: Curve, start: float, end: float, pieces: int) -> str:
    """A curve through points of `at`, as cubic pieces whose handles follow `slope`. Whole numbers keep it short."""
    step = (end - start) / pieces
    x, y = (round(n) for n in at(start))
    dx, dy = slope(start)
    drawn = [f"M{x} {y}"]
    for n in range(1, pieces + 1):
        t = start + n * step
        (end_x, end_y), (end_dx, end_dy) = at(t), slope(t)
        to_x, to_y = round(end_x) - x, round(end_y) - y
        turn = f"{round(to_x - end_dx * step / 3)} {round(to_y - end_dy * step / 3)} {to_x} {to_y}"
        # S takes its first handle from the piece before, so only the first piece has to say it.
        drawn.append(f"c{round(dx * step / 3)} {round(dy * step / 3)} {turn}" if n == 1 else f"s{turn}")
        x, y = x + to_x, y + to_y
    return f'<path d="{"".join(drawn).replace(" -", "-")}"/>'


@lru_cache(maxsize=256)
def rosette(sha256: str) -> str:
    """Paths for viewBox 0 0 1000 1000. sha256: 64 hexadecimal digits; ValueError for anything else.

    Three rings of m folds. In each the point at t lies at r = R(a + (1 - a)cos(mt + p)) and angle t + w sin(mt)/m.
    """
    if len(sha256) != 64:
        raise ValueError(f"{sha256!r} is not the hexadecimal SHA-256 of anything")
    # One more round, so that every byte of the hash moves every line of the drawing.
    seed = hashlib.sha256(bytes.fromhex(sha256)).digest()
    folds = 5 + seed[0] % 12
    rings = []
    for k, (inner, outer) in enumerate([(430, 480), (300, 370), (190, 250)]):
        size, depth, phase, twist, copies = (byte / 255 for byte in seed[1 + 5 * k : 6 + 5 * k])
        radius = inner + (outer - inner) * size
        waist = 0.58 + 0.2 * depth
        lean = (0.35 + 0.9 * twist) * (1 if seed[16 + k] % 2 else -1)
        number = 3 if copies > 0.4 else 2
        for copy in range(number):
            shift = 2 * pi * (phase + copy / number)
            rings.append(_ring(folds, radius, waist, shift, lean))
    return "".join(rings)


def _ring(folds: int, radius: float, waist: float, shift: float, lean: float) -> str:
    def polar(t: float) -> tuple[float, float, float, float]:
        r = radius * (waist + (1 - waist) * cos(folds * t + shift))
        dr = -radius * (1 - waist) * folds * sin(folds * t + shift)
        return r, dr, t + lean * sin(folds * t) / folds, 1 + lean * cos(folds * t)

    def at(t: float) -> Point:
        r, _, angle, _ = polar(t)
        return 500 + r * cos(angle), 500 + r * sin(angle)

    def slope(t: float) -> Point:
        r, dr, angle, turn = polar(t)
        return dr * cos(angle) - r * turn * sin(angle), dr * sin(angle) + r * turn * cos(angle)

    return _path(at, slope, 0, 2 * pi, folds * 6)


@lru_cache(maxsize=256)
def waves(seed: str, width: int, height: int) -> str:
    """Eleven lines across a plate of width x height that part and meet, chosen by any text."""
    chosen = [byte / 255 for byte in hashlib.sha256(seed.encode()).digest()]
    places = [n / 10 - 0.5 for n in range(11)]
    # Height of a wave, how often it comes on the way across, where it begins, how much later on each line.
    waved = [
        (0.10 + 0.10 * chosen[0], 1.2 + 1.0 * chosen[1], chosen[2], 0.10),
        (0.05 + 0.07 * chosen[3], 2.6 + 1.6 * chosen[4], chosen[5], 0.22),
    ]
    spread, often, begin = 0.16 + 0.30 * chosen[6], 0.7 + 0.9 * chosen[7], chosen[8]

    def level(x: float, place: float) -> float:
        wave = sum(high * sin(2 * pi * (times * x + start + place * late)) for high, times, start, late in waved)
        return wave + place * (0.10 + spread * (1 + 1.25 * sin(2 * pi * (often * x + begin))))

    levels = [level(n / 60, place) for place in places for n in range(61)]
    low, scale = min(levels), 0.84 / (max(levels) - min(levels))

    def line(place: float) -> str:
        def at(x: float) -> Point:
            return x * width, (0.08 + (level(x, place) - low) * scale) * height

        def slope(x: float) -> Point:
            return width, (at(x + 0.001)[1] - at(x - 0.001)[1]) / 0.002

        return _path(at, slope, -0.02, 1.02, 26)

    return "".join(line(place) for place in places)
