"""Responsible play: from what age a country's lottery may be played, and where its players find help."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Play:
    """What a country tells its players."""

    age: int = 0
    """The youngest a player of its national lottery may be; 0 where that differs within it, or is not known."""
    help: str = ""
    """The national helpline, as people there write it; empty where we know none."""


PLAY = {
    "AU": Play(18, "1800 858 858"),  # gamblinghelponline.org.au
    "BE": Play(18, "0800 35 777"),  # gokhulp.be
    "BR": Play(18),
    "CA": Play(),  # 18 or 19 by province, and so the helplines
    "CZ": Play(18),
    "DE": Play(18, "0800 1 37 27 00"),  # check-dein-spiel.de
    "DK": Play(18, "70 22 28 25"),  # stopspillet.dk
    "DO": Play(18),
    "ES": Play(18),
    "FI": Play(18, "0800 100 101"),  # peluuri.fi
    "FR": Play(18, "09 74 75 13 13"),  # joueurs-info-service.fr
    "GB": Play(18, "0808 8020 133"),  # gamcare.org.uk
    "GR": Play(21),
    "HU": Play(18),
    "IL": Play(18),
    "IT": Play(18, "800 558 822"),  # the national health institute's line
    "KR": Play(19, "1336"),  # kcgp.or.kr
    "NZ": Play(0, "0800 654 655"),  # gamblinghelpline.co.nz; no age but for instant tickets
    "PH": Play(18),
    "PL": Play(18),
    "SE": Play(18, "020-81 91 00"),  # stodlinjen.se
    "SG": Play(0, "1800-6-668-668"),  # ncpg.org.sg
    "SK": Play(18),
    "TR": Play(18),
    "TW": Play(18),
    "UA": Play(18),
    "US": Play(0, "1-800-GAMBLER"),  # 18, 19 or 21 by state
    "VE": Play(18),
    "VN": Play(18),
    "ZA": Play(18, "0800 006 008"),  # responsiblegambling.org.za
}
"""By country. The site of each helpline stands beside it; look there before you change one."""
