"""Floor 2: to whom signatures go, and the hand-overs."""
