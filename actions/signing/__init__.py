"""Floor 1: recording, counting, sealing and mailing signatures. ORM yes; HTTP and Wagtail pages no."""
