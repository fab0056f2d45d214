"""News in: due feeds → fetch → parse → triage → record."""

from bot.poll.poller import Poller
from bot.poll.report import Habits, PollReport

__all__ = ["Habits", "PollReport", "Poller"]
