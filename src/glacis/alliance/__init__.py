"""The alliance: how each member answers what it sees, and what the council makes of that."""
