"""Floor 4: HTTP in, HTTP out. A view reads a form, calls one service and redirects; it holds no rule."""
