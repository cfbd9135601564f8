"""What the other apps hear of a round: sent in the transaction of the change, so that all of it holds or nothing.

Arguments: `a_round`, as it is now; `now`, the moment of the change.
"""

from django.dispatch import Signal

round_opened = Signal()
round_closed = Signal()
