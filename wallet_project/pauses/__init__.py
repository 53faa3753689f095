"""Kill switches: stop a flow at once, let it go on when two people say so."""
