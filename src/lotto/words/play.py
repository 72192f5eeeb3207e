"""Responsible play: from what age a country's lottery may be played, and where its players find help.

What stands here was read in November 2026 on the pages named beside it: the helpline's own or an authority's where
there is one, else a newspaper's or a player's guide. Of a country that is not here, or of which one of the two is not
told, a card says to play responsibly and no number: where it differs within the country (Australia, Canada, the United
States), where it holds for some games or online only (Brazil, Denmark, Greece), or where we found nothing to go by.
Look there again before you change one.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Play:
    """What a country tells its players."""

    age: int = 0
    """The youngest a player of its national lottery may be; 0 where that differs within it, or is not known."""
    help: str = ""
    """The national helpline, as people there write it; empty where we know none."""


PLAY = {
    "AU": Play(0, "1800 858 858"),  # gamblinghelponline.org.au
    "BE": Play(18, "0800 35 777"),  # hln.be (2018-11-07), vrt.be (2018-03-07), nationale-loterij.be: no minors
    "CZ": Play(18),  # zdarns.cz, on what the law on games of chance forbids
    "DE": Play(18, "0800 1 37 27 00"),  # gluecksspiel-behoerde.de; skl.de, § 2 of its rules: the law forbids minors
    "DK": Play(0, "70 22 28 25"),  # spillemyndigheden.dk (2019-09-30)
    "ES": Play(18),  # cronicaglobal.elespanol.com, on the state's lotteries
    "FI": Play(18, "0800 100 101"),  # peluuri.fi; yle.fi (2018-12), on the law
    "FR": Play(18, "09 74 75 13 13"),  # resultats-du-loto.net; groupefdj.com: none to minors
    "GB": Play(18, "0808 8020 133"),  # national-lottery.co.uk/responsible-play; advicenetwork.org.uk
    "HU": Play(18),  # szf.gov.hu, answers on those under 18
    "IT": Play(0, "800 558 822"),  # corriere.it (2017-09-29) and ildomani.it (2019-11-19): the health institute's line
    "KR": Play(19, "1336"),  # kihoilbo.co.kr on the line; sisa-news.com on the age
    "NZ": Play(0, "0800 654 655"),  # as players' guides quote gamblinghelpline.co.nz; an age for instant tickets alone
    "PL": Play(18),  # wynikilotto.net.pl (2025-07-25), quoting article 27 of the law
    "SE": Play(18, "020-81 91 00"),  # lottotellus.se
    "SG": Play(0, "1800-6-668-668"),  # straitstimes.com (2022-11-12), the council's director
    "ZA": Play(18, "0800 006 008"),  # sunbet.co.za on the line; thesouthafrican.com (2023-10-26) on the age
}
"""By country."""
