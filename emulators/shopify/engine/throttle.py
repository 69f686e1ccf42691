"""The leaky bucket: points that refill at a constant rate, one bucket a shop (there is one app)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Bucket:
    """``level`` points at ``at`` seconds of a monotonic clock; ``rate`` points a second come back."""

    size: float
    rate: float
    level: float
    at: float

    def available(self, now: float) -> float:
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        return self.level

    def take(self, cost: float, now: float) -> bool:
        """Takes the points if they are there."""
        if self.available(now) < cost:
            return False
        self.level -= cost
        return True

    def give_back(self, cost: float) -> None:
        self.level = min(self.size, self.level + cost)

    def status(self, now: float) -> dict[str, float]:
        return {
            "maximumAvailable": float(self.size),
            "currentlyAvailable": int(self.available(now)),
            "restoreRate": float(self.rate),
        }
