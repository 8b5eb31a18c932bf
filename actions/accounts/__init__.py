"""Who of staff may do what: rights compared, roles given by two persons, and what is told of accounts in the trail."""
