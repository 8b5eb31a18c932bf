"""Floor 3: the pages. They hold content and read totals; they change nothing."""
