"""Floor 2: mail to signers who asked for it."""
