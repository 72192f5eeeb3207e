"""What lines won, from what the house knows to what the world sees."""

from lotto.api import schemas
from lotto.api.views.money import money
from lotto.draws.checking import Checked
from lotto.draws.lottery import Lottery


def checked(lottery: Lottery, found: Checked) -> schemas.Checked:
    """What lines won."""
    return schemas.Checked(
        lottery=lottery.id,
        draws=found.draws,
        unplayable=found.unplayable,
        won=[
            schemas.Won(
                date=one.draw.key.date,
                label=one.draw.key.label,
                line=one.line,
                tier=one.win.tier.name,
                count=one.win.lines,
                prize=money(one.prize),
            )
            for one in found.found
        ],
    )
