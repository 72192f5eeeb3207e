"""Probability: the few distributions by which counts are judged, exact but for rounding."""

from math import comb, exp, floor, lgamma, log, log1p, sqrt

COVERED = 0.95
"""The share of fair draws whose count lies within a band."""


def chi_square_tail(statistic: float, degrees: int) -> float:
    """The chance that a chi-square variable of so many degrees of freedom is at least so large.

    The regularized upper incomplete gamma function Q(degrees/2, statistic/2): by its series where that converges
    quickly, else by Lentz's continued fraction (DLMF 8.7.1 and 8.9.2).
    """
    a, x = degrees / 2, statistic / 2
    if x <= 0:
        return 1.0
    front = exp(a * log(x) - x - lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        n = a
        while abs(term) > abs(total) * 1e-16:
            n += 1
            term *= x / n
            total += term
        return max(0.0, 1 - front * total)
    b = x + 1 - a
    c, d = 1e300, 1 / b
    found = d
    for n in range(1, 10_000):
        step = -n * (n - a)
        b += 2
        d = 1 / (step * d + b)
        c = b + step / c
        found *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * found


def band(trials: int, chance: float) -> tuple[int, int]:
    """The counts between which a fair draw stays in 95 of 100 cases, at the least: those of a binomial variable.

    Below the lower end lie at most 2.5 %, and above the upper end as well.
    """
    if trials == 0 or chance <= 0:
        return 0, 0
    if chance >= 1:
        return trials, trials
    # Beyond lies less than a billionth.
    spread = 6 * sqrt(trials * chance * (1 - chance)) + 20
    lowest, highest = max(0, floor(trials * chance - spread)), min(trials, floor(trials * chance + spread))
    tail = (1 - COVERED) / 2
    low, below = lowest, _binomial(trials, chance, lowest)
    while below <= tail and low < highest:
        low += 1
        below += _binomial(trials, chance, low)
    high, above = highest, _binomial(trials, chance, highest)
    while above <= tail and high > lowest:
        high -= 1
        above += _binomial(trials, chance, high)
    return low, high


def among(taken: int, size: int, marked: int, repeats: bool) -> list[float]:
    """The chances that none, one, two, … of the values taken are of so many marked ones among all."""
    if repeats:
        share = marked / size
        return [comb(taken, n) * share**n * (1 - share) ** (taken - n) for n in range(taken + 1)]
    ways = comb(size, taken)
    return [comb(marked, n) * comb(size - marked, taken - n) / ways for n in range(taken + 1)]


def _binomial(trials: int, chance: float, count: int) -> float:
    ways = lgamma(trials + 1) - lgamma(count + 1) - lgamma(trials - count + 1)
    return exp(ways + count * log(chance) + (trials - count) * log1p(-chance))
